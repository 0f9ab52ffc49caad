package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.host.AgentHost;
import io.heartbeat4j.host.HostDependencies;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.redaction.Redactor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class TailCommandTest {

  @TempDir
  private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
  private final String viewKey = UUID.randomUUID().toString();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int port;
  private String company = "";
  private String agent = "";

  @BeforeEach
  void configure() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String access = UUID.randomUUID().toString();
    company = await(server.board().createCompany("Acme")).path("id").asText();
    agent = await(server.board().createAgent(company, "Wren", Map.of("adapterType", "hermes_gateway", "adapterConfig",
        Map.of("apiBaseUrl", "http://127.0.0.1:" + port, "apiKey", access)))).path("id").asText();
    write(viewKey, access);
  }

  private void write(String key, String access) throws IOException {
    Files.writeString(directory.resolve("host.yaml"), """
        server: %s
        state-dir: %s
        listen: {port: %d, view-key: "%s"}
        agents:
          wren: {key: %s, access-key: %s, worker: {name: shell, settings: {command: [echo, watered]}}}
        """.formatted(server.url(), directory.resolve("state"), port, key, await(server.board().createKey(agent)),
        access));
  }

  @AfterEach
  void close() {
    await(server.close());
    await(vertx.close());
  }

  @Test
  void a_run_is_told_to_its_end() throws IOException {
    AgentHost host = start();
    await(server.board().createIssue(company, "Water the plants", Map.of("status", "todo", "assigneeAgentId", agent)));
    String run = await(firstRunOver()).path("id").asText();

    assertThat(tail(run)).as(err.toString()).isZero();

    assertThat(out.toString().lines()).first().asString().contains("  wren  ", "woken: issue_assigned");
    assertThat(out.toString()).containsPattern("wren  ACM-1  5 Checkout: ").containsPattern("wren  ACM-1  completed: ");
    assertThat(tail("wern")).isEqualTo(64);
    assertThat(err.toString()).contains("the host has no agent and no recent run 'wern', did you mean 'wren'?");
    write(UUID.randomUUID().toString(), UUID.randomUUID().toString());
    assertThat(tail()).isEqualTo(77);
    assertThat(err.toString()).contains("answered 401: is it the host of this file");
    await(host.drain(Duration.ZERO));
  }

  @Test
  void a_host_that_does_not_run_is_told() {
    assertThat(tail()).isEqualTo(69);

    assertThat(err.toString()).contains("the host at http://127.0.0.1:" + port + " can't be reached");
  }

  private AgentHost start() {
    HostConfiguration configuration = HostConfiguration.read(directory.resolve("host.yaml"), Map.of(),
        directory.resolve("plugins"), directory.resolve("state"), secret -> {});
    return await(AgentHost.start(vertx, configuration, new HostDependencies(Clock.systemUTC(), new Random(1),
        Redactor.of(List.of()), Map.of(), List.of(), List.of(), failure -> 70)));
  }

  private Future<JsonNode> firstRunOver() {
    return server.board().runs(company, agent).compose(runs -> {
      if (runs.path(0).path("finishedAt").isTextual()) {
        return Future.succeededFuture(runs.path(0));
      }
      Promise<JsonNode> over = Promise.promise();
      vertx.setTimer(20, again -> firstRunOver().onComplete(over));
      return over.future();
    });
  }

  private int tail(String... arguments) {
    CommandLine line = HeartbeatCommand.commandLine(Map.of("HEARTBEAT_STATE_DIR", directory.toString()));
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(Stream.concat(Stream.of("tail", "--config", directory.resolve("host.yaml").toString()),
        Stream.of(arguments)).toArray(String[]::new));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
