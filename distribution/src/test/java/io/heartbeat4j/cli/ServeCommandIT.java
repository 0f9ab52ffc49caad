package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heartbeat serve} as a process, and the signals that an operator sends it. */
class ServeCommandIT {

  private static final long LIMIT_SECONDS = 60;

  @TempDir
  Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
  private final EmbeddedBoard embeddedBoard = server.board();
  private final String company = await(embeddedBoard.createCompany("Signals")).path("id").asText();
  private int port;
  private @Nullable Process host;

  @BeforeEach
  void configure() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.createDirectories(directory.resolve("agents"));
    Files.writeString(directory.resolve("host.yaml"), """
        server: %s
        state-dir: %s
        listen: {port: %d}
        limits: {drain: 10m}
        """.formatted(server.url(), directory.resolve("state"), port));
  }

  @AfterEach
  void end() {
    if (host != null) {
      host.destroyForcibly().onExit().join();
    }
    await(server.close());
    await(vertx.close());
  }

  @Test
  void the_first_sigterm_lets_work_go_on_and_the_second_puts_it_off_and_ends_the_host() throws Exception {
    Path begun = directory.resolve("begun");
    String agent = agent("wren", "touch " + begun + "; sleep 600");
    start();
    String issue = assigned("Long", agent);
    until("the work has begun", () -> Files.exists(begun));

    signal("TERM");
    until("the host says that it ends", () -> log("err").contains("a second signal defers running work"));
    assertThat(host().isAlive()).isTrue();
    assertThat(status(issue)).isEqualTo("in_progress");
    signal("TERM");

    assertThat(host().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(() -> log("err")).isTrue();
    assertThat(host().exitValue()).isZero();
    assertThat(status(issue)).isEqualTo("in_review");
    assertThat(await(embeddedBoard.readIssue(issue)).path("monitorNextCheckAt").isTextual()).isTrue();
  }

  @Test
  void the_configuration_is_read_again_on_sighup_and_on_a_change_while_work_goes_on() throws Exception {
    Path begun = directory.resolve("begun");
    Path go = directory.resolve("go");
    String wren = agent("wren",
        "touch " + begun + "; while [ ! -e " + go + " ]; do sleep 0.1; done; echo 'Took its time.'");
    start();
    String longOne = assigned("Long", wren);
    until("the work has begun", () -> Files.exists(begun));

    String pia = agent("pia", "echo 'Quick.'"); // a changed directory is enough
    until("the new agent is there", () -> log("err").contains("read again: 2 agents"));
    assertThat(log("err").lines().filter(line -> line.contains("read again")))
        .allSatisfy(line -> assertThat(line).startsWith("{\"at\":").endsWith("}"));
    String quick = assigned("Quick", pia);
    until("the new agent has worked", () -> status(quick).equals("done"));

    Files.writeString(directory.resolve("host.yaml"), "nonsense: true\n", StandardOpenOption.APPEND);
    signal("HUP");
    until("the mistake is told", () -> log("err").contains("host.yaml:5: nonsense"));
    String again = assigned("Again", pia);
    until("the host goes on with what it has", () -> status(again).equals("done"));

    Files.createFile(go);
    until("the long one is done", () -> status(longOne).equals("done"));
    assertThat(await(embeddedBoard.runs(company, wren))).hasSize(1);
  }

  @Test
  void each_line_of_the_log_is_json_with_agent_run_and_issue() throws Exception {
    String agent = agent("wren", "echo 'Looked around.'");
    start();
    String issue = assigned("Look", agent);
    until("it is done", () -> status(issue).equals("done"));
    signal("TERM");
    assertThat(host().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    String run = await(embeddedBoard.runs(company, agent)).get(0).path("id").asText();
    String label = await(embeddedBoard.readIssue(issue)).path("identifier").asText();
    List<JsonNode> lines = log("out").lines().map(ServeCommandIT::json).toList();
    assertThat(lines).hasSizeGreaterThan(5).allSatisfy(line -> {
      assertThat(line.path("agent").asText()).isEqualTo("wren");
      assertThat(line.path("run").asText()).isEqualTo(run);
      assertThat(line.path("issue").asText()).isEqualTo(label);
      assertThat(line.path("at").asText()).endsWith("Z");
    });
    assertThat(lines).extracting(line -> line.path("event").asText()).startsWith("accepted").endsWith("ended");
    assertThat(lines).extracting(line -> line.path("message").asText()).contains("Looked around.");
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException none) {
      throw new AssertionError("not JSON: " + line, none);
    }
  }

  /** An agent that Paperclip wakes through the gateway; its work is this shell script. */
  private String agent(String name, String script) throws IOException {
    String access = "access-" + UUID.randomUUID();
    String id = await(embeddedBoard.createAgent(company, name,
        Map.of("adapterType", "hermes_gateway", "adapterConfig", Map.of(
            "apiBaseUrl", "http://127.0.0.1:" + port, "apiKey", access, "pollIntervalMs", 250, "eventReconnectMs",
            250))))
        .path("id").asText();
    Path next = Files.writeString(directory.resolve(name + ".yaml"), """
        key: %s
        access-key: %s
        worker: {name: shell, settings: {shell: true, command: ["%s"]}}
        """.formatted(await(embeddedBoard.createKey(id)), access, script));
    Files.move(next, directory.resolve("agents").resolve(name + ".yaml"));
    return id;
  }

  private void start() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(
        DistributionProcess.HOME.resolve("bin/heartbeat").toString(), "serve", "--config",
        directory.resolve("host.yaml").toString())
        .redirectOutput(directory.resolve("out").toFile()).redirectError(directory.resolve("err").toFile());
    builder.environment().put("HEARTBEAT_AOT", "off");
    host = builder.start();
    until("the host listens", () -> log("err").contains("listening on"));
  }

  private Process host() {
    return Objects.requireNonNull(host, "the host is started");
  }

  private void signal(String name) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(host().pid())).start().waitFor()).isZero();
  }

  private String log(String stream) {
    try {
      return Files.readString(directory.resolve(stream));
    } catch (IOException none) {
      return "";
    }
  }

  private String assigned(String title, String agent) {
    return await(embeddedBoard.createIssue(company, title, Map.of("status", "todo", "assigneeAgentId", agent)))
        .path("id").asText();
  }

  private String status(String issue) {
    return await(embeddedBoard.readIssue(issue)).path("status").asText();
  }

  private void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(() -> "waited until " + what + "\n" + log("err") + log("out")).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }
}
