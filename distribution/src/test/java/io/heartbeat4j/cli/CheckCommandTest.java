package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code heartbeat check --online} asks the server for every agent of the file. */
class CheckCommandTest {

  @TempDir
  Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx, EmbeddedOptions.defaults()));
  private final EmbeddedBoard board = server.board();
  private final String company = await(board.createCompany("Acme")).path("id").asText();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void close() {
    await(server.close());
    await(vertx.close());
  }

  @Test
  void every_agent_is_a_row_with_its_name_company_status_and_the_way_it_is_woken() throws IOException {
    String wren = agent("Wren", "http://127.0.0.1:8787");
    String pia = agent("Pia", "http://127.0.0.1:9999");
    await(board.pauseAgent(pia));

    int code = check(host("wren", key(wren), "pia", key(pia)), "--online");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString().lines().skip(1)).satisfiesExactly(
        first -> assertThat(first).startsWith("ok    wren ").contains("Wren", wren, company, "idle")
            .endsWith("hermes_gateway at http://127.0.0.1:8787"),
        second -> assertThat(second).startsWith("ok    pia ").contains("Pia", pia, "paused (manual)")
            .endsWith("http://127.0.0.1:9999, which is not port 8787 of this host"));
  }

  @Test
  void a_key_that_is_refused_or_of_another_agent_is_told_and_the_others_are_asked_nevertheless() throws IOException {
    String wren = agent("Wren", "http://127.0.0.1:8787");
    String pia = agent("Pia", "http://127.0.0.1:8787");
    String cora = agent("Cora", "http://127.0.0.1:8787");
    String refused = key(wren);
    await(board.revokeKeys(wren));
    String host = host("wren", refused, "pia", key(pia)) + entry("cora", key(pia)) + "    id: " + cora + "\n";

    int code = check(host, "--online");

    assertThat(code).isEqualTo(78);
    assertThat(out.toString()).contains("FAIL  wren\n      -> the server refuses its key", "ok    pia ",
        "its key is of agent " + pia + " (Pia), but its 'id' is " + cora).doesNotContain(refused);
  }

  @Test
  void a_server_that_is_not_there_is_told_for_its_agent() throws IOException {
    String wren = agent("Wren", "http://127.0.0.1:8787");
    String host = host("wren", key(wren)).replace(server.url(), "http://127.0.0.1:1");

    assertThat(check(host, "--online")).isEqualTo(78);

    assertThat(out.toString()).contains("FAIL  wren\n", "can't be reached");
  }

  @Test
  void without_the_option_the_server_is_not_asked() throws IOException {
    String host = host("wren", key(agent("Wren", "http://127.0.0.1:8787")));
    int before = server.requests().all().size();

    assertThat(check(host)).isZero();

    assertThat(server.requests().all()).hasSize(before);
  }

  private String agent(String name, String url) {
    JsonNode agent = await(board.createAgent(company, name,
        Map.of("adapterType", "hermes_gateway", "adapterConfig", Map.of("apiBaseUrl", url))));
    return agent.path("id").asText();
  }

  private String key(String agent) {
    return await(board.createKey(agent));
  }

  private String host(String... namesAndKeys) {
    StringBuilder yaml = new StringBuilder("server: " + server.url() + "\nstate-dir: " + directory.resolve("state")
        + "\nagents:\n");
    for (int i = 0; i < namesAndKeys.length; i += 2) {
      yaml.append(entry(namesAndKeys[i], namesAndKeys[i + 1]));
    }
    return yaml.toString();
  }

  private static String entry(String name, String key) {
    return "  " + name + ":\n    key: " + key + "\n    worker: {name: shell, settings: {command: [\"true\"]}}\n";
  }

  private int check(String host, String... more) throws IOException {
    Path file = Files.writeString(directory.resolve("host.yaml"), host);
    CommandLine line = HeartbeatCommand.commandLine(Map.of("HEARTBEAT_STATE_DIR", directory.toString()));
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(Stream.concat(
        Stream.of("check", "--config", file.toString()), List.of(more).stream()).toArray(String[]::new));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
