package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.DistributionProcess.ProcessResult;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands around {@code run}, as an operator uses them. */
class CommandsIT {

  @TempDir
  Path directory;

  private ProcessResult heartbeat(Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(Map.of(
        "PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT", "off",
        "HEARTBEAT_STATE_DIR", directory.resolve("state").toString()));
    all.putAll(environment);
    return DistributionProcess.heartbeat(all, arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "demo", "try", "dev", "doctor", "workers", "version"})
  void every_command_explains_itself(String command) {
    ProcessResult help = heartbeat(Map.of(), command, "--help");

    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("Usage: heartbeat " + command).contains("--help");
    assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "help"})
  void the_command_itself_lists_the_others_and_keeps_the_hidden_one_to_itself(String arguments) {
    ProcessResult help = heartbeat(Map.of(), arguments.isEmpty() ? new String[0] : new String[]{arguments});

    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("run ", "demo ", "try ", "doctor ", "workers ", "version ").doesNotContain("train");
  }

  @Test
  void a_slip_of_the_pen_is_one_line_with_what_was_probably_meant() {
    ProcessResult slip = heartbeat(Map.of(), "docter");

    assertThat(slip.code()).isEqualTo(64);
    assertThat(slip.errorLines()).containsExactly(
        "heartbeat: there is no command or argument 'docter', did you mean 'doctor'?; try 'heartbeat --help'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version", "run --version"})
  void the_version_names_java_too(String arguments) {
    assertThat(heartbeat(Map.of(), arguments.split(" ")).out()).matches("heartbeat4j \\S+, Java \\S+\\n");
  }

  @Test
  void workers_lists_the_shell_worker_with_its_settings() {
    ProcessResult listed = heartbeat(Map.of(), "workers");

    assertThat(listed.code()).isZero();
    assertThat(listed.out()).containsPattern("(?m)^shell: runs a command.*plugins/shell\\]$")
        .containsPattern("(?m)^    timeout +ends the command .*default 1h\\)$")
        .containsPattern("(?m)^    command +needed: .*\\(list of text\\)$");
  }

  @Test
  void workers_names_a_plugin_that_cannot_be_used_and_why() throws IOException {
    Files.createDirectories(directory.resolve("plugins/empty"));
    Files.createDirectories(directory.resolve("plugins/damaged"));
    Files.writeString(directory.resolve("plugins/damaged/worker.jar"), "no zip");

    ProcessResult listed = heartbeat(Map.of("HEARTBEAT_PLUGINS", directory.resolve("plugins").toString()), "workers");

    assertThat(listed.code()).isEqualTo(78);
    assertThat(listed.out()).contains("NOT USABLE: it has no jar", "NOT USABLE: worker.jar is not a readable jar");
  }

  @Test
  void workers_as_json_has_the_settings_and_the_problems() throws IOException {
    Files.createDirectories(directory.resolve("plugins/empty"));

    ProcessResult shipped = heartbeat(Map.of(), "workers", "--json");
    ProcessResult broken = heartbeat(Map.of("HEARTBEAT_PLUGINS", directory.resolve("plugins").toString()), "workers",
        "--json");

    assertThat(ProtocolJson.mapper().readTree(shipped.out()).path("workers").findValuesAsText("name"))
        .contains("acp", "llm", "shell");
    assertThat(ProtocolJson.mapper().readTree(shipped.out()).path("workers").findValuesAsText("key"))
        .contains("command");
    assertThat(broken.code()).isEqualTo(78);
    assertThat(ProtocolJson.mapper().readTree(broken.out()).path("workers").get(0).path("problem").asText())
        .startsWith("it has no jar at its top");
  }

  @Test
  void workers_without_any_plugin_says_where_to_put_one() {
    ProcessResult listed = heartbeat(Map.of("HEARTBEAT_PLUGINS", directory.resolve("nothing").toString()), "workers");

    assertThat(listed.out())
        .isEqualTo("no workers: install a plugin with 'heartbeat plugin install FILE', which puts it into "
            + directory.resolve("nothing") + "\n");
  }

  @Test
  void doctor_finds_nothing_to_mend_where_all_is_well_and_writes_nothing() {
    Vertx vertx = Vertx.vertx();
    try {
      EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
      String company = id(await(server.board().createCompany("Healthy")));
      String agent = id(await(server.board().createAgent(company, "Wren", Map.of())));

      ProcessResult well = heartbeat(Map.of(
          "PAPERCLIP_API_URL", server.url(), "PAPERCLIP_API_KEY", await(server.board().createKey(agent)),
          "HEARTBEAT_WORKER", "shell", "HEARTBEAT_WORKER_COMMAND", "[\"true\"]", "HEARTBEAT_STATE_DIR",
          directory.resolve("state").toString()), "doctor");

      assertThat(well.out().replaceFirst("note  keys: .*\\n.*", "ok    keys as root").lines()).as(well.out())
          .allSatisfy(line -> assertThat(line).startsWith("ok "));
      assertThat(well.out()).contains("server: " + server.url(), "clock: ", "agent: Wren", "worker: ", "state: ");
      assertThat(well.code()).isZero();
      assertThat(server.requests().all()).allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void doctor_says_of_each_trouble_how_to_mend_it() throws IOException {
    Vertx vertx = Vertx.vertx();
    try {
      EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
      String company = id(await(server.board().createCompany("Ill")));
      String agent = id(await(server.board().createAgent(company, "Wren", Map.of())));
      String key = await(server.board().createKey(agent));
      await(server.board().pauseAgent(agent));

      ProcessResult ill = heartbeat(Map.of(
          "PAPERCLIP_API_URL", server.url(), "PAPERCLIP_API_KEY", key, "PAPERCLIP_AGENT_ID", company,
          "HEARTBEAT_WORKER", "shel",
          "HEARTBEAT_STATE_DIR", Files.writeString(directory.resolve("file"), "").resolve("state").toString()),
          "doctor");

      assertThat(ill.code()).isEqualTo(78);
      assertThat(ill.out()).contains(
          "FAIL  wake: PAPERCLIP_AGENT_ID is " + company, "FAIL  agent: it is paused", "resume it on the board",
          "FAIL  worker: there is no worker named 'shel', did you mean 'shell'?", "FAIL  state: ",
          "HEARTBEAT_STATE_DIR");
      assertThat(ill.out()).doesNotContain(key);
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void doctor_without_anything_names_what_to_set_first() {
    ProcessResult ill = heartbeat(Map.of(), "doctor");

    assertThat(ill.code()).isEqualTo(78);
    assertThat(ill.out()).contains("FAIL  server: PAPERCLIP_API_URL is not set", "FAIL  worker: no worker is chosen");
  }

  @Test
  void doctor_names_a_server_that_is_not_there() {
    ProcessResult ill = heartbeat(Map.of("PAPERCLIP_API_URL", "http://127.0.0.1:1"), "doctor");

    assertThat(ill.out()).contains("FAIL  server: the server at http://127.0.0.1:1 can't be reached");
  }

  private static String id(JsonNode node) {
    return node.path("id").asText();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
