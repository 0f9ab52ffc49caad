package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heartbeat wake} as the process adapter starts it: a script, no JVM, and the host does the rest. */
class WakeCommandTest {

  private static final Path SCRIPT = Path.of("../distribution/src/main/sh/heartbeat-wake").toAbsolutePath().normalize();

  @TempDir
  Path directory;
  private final HostFixture scene = new HostFixture();

  @BeforeEach
  void listenOnASocket() {
    scene.socket = Optional.of(directory.resolve("wake.sock"));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void the_wake_is_worked_by_the_host_and_its_log_is_the_runs_log() {
    String agent = agent(context -> {
      context.run().reportProgress("Looking for the README.");
      return new WorkResult.Done("Said hello.");
    });
    scene.start();

    String issue = scene.createAssignedIssue("Say hello", agent);

    JsonNode run = scene.awaitEndedRun(agent);
    assertThat(run.path("exitCode").asInt(-1)).isZero();
    assertThat(run.path("stdoutExcerpt").asText()).contains("5 Checkout").contains("Looking for the README.");
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(scene.server.requests().matching("PATCH", ".*")).singleElement()
        .satisfies(patch -> assertThat(patch.runId()).contains(run.path("id").asText()));
  }

  @Test
  void a_sigterm_from_the_server_cancels_the_work_and_the_script_ends_with_it() {
    HeldWorker work = new HeldWorker();
    String agent = agent(work);
    scene.start();
    scene.createAssignedIssue("Long", agent);
    work.awaitStarted();

    HostFixture.await(scene.embeddedBoard.cancelRun(scene.runs(agent).get(0).path("id").asText()));

    work.awaitCancelled();
    assertThat(scene.awaitEndedRun(agent).path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void only_the_token_of_the_run_follows_or_stops_it() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    String agent = agent(context -> {
      context.run().reportProgress("This is only for its own process.");
      started.countDown();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.start();
    String issue = scene.createAssignedIssue("Long", agent);
    HostFixture.await(started);
    String run = scene.runs(agent).get(0).path("id").asText();
    String wake = "PAPERCLIP_API_URL=" + scene.server.url() + "&PAPERCLIP_AGENT_ID=" + agent + "&PAPERCLIP_COMPANY_ID="
        + scene.company + "&PAPERCLIP_RUN_ID=" + run;
    String ownKey = scene.configuration("Wren").key().orElseThrow().reveal();

    for (String other : List.of("another-token", ownKey)) {
      assertThat(post("/wakes", other, wake)).isEqualTo(404);
      assertThat(post("/wakes/" + run + "/cancel", other, "")).isEqualTo(404);
    }
    assertThat(post("/wakes", "", wake)).isEqualTo(401);
    assertThat(post("/wakes/" + run + "/cancel", "no token", "")).isEqualTo(404);

    go.countDown();
    HostFixture.waitUntil("the issue is done", () -> scene.status(issue).equals("done"));
    assertThat(scene.awaitEndedRun(agent).path("stdoutExcerpt").asText()).contains("only for its own process");
  }

  private int post(String path, String bearer, String form) {
    RequestOptions to = new RequestOptions().setMethod(HttpMethod.POST).setURI(path).setHost("host")
        .setServer(SocketAddress.domainSocketAddress(directory.resolve("wake.sock").toString()))
        .putHeader("authorization", "Bearer " + bearer)
        .putHeader("content-type", "application/x-www-form-urlencoded");
    return HostFixture.await(scene.vertx.createHttpClient().request(to).compose(request -> request.send(form))
        .map(answer -> answer.statusCode()));
  }

  @Test
  void without_a_host_the_heartbeat_runs_in_the_process() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    copyScripts(bin);
    Path instead = Files.writeString(bin.resolve("heartbeat"), "#!/bin/sh\necho \"here: $*\"\nexit 7\n");
    assertThat(instead.toFile().setExecutable(true)).isTrue();
    String agent = agent(context -> new WorkResult.Done("never"), bin.resolve("heartbeat-wake"));

    scene.createAssignedIssue("Say hello", agent);

    JsonNode run = scene.awaitEndedRun(agent);
    assertThat(run.path("exitCode").asInt()).isEqualTo(7);
    assertThat(run.path("stdoutExcerpt").asText()).contains("here: run --config some.yaml");
  }

  @Test
  void a_host_that_does_not_know_the_agent_leaves_the_heartbeat_to_the_process() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    copyScripts(bin);
    assertThat(Files.writeString(bin.resolve("heartbeat"), "#!/bin/sh\necho here\n").toFile().setExecutable(true))
        .isTrue();
    scene.addAgent("Pia", context -> new WorkResult.Done("never"));
    scene.start();
    String stranger = HostFixture
        .await(scene.embeddedBoard.createAgent(scene.company, "Wren", Map.of("adapterConfig", command(
            bin.resolve("heartbeat-wake")))))
        .path("id").asText();

    scene.createAssignedIssue("Say hello", stranger);

    assertThat(scene.awaitEndedRun(stranger).path("stdoutExcerpt").asText()).contains("here");
  }

  private static void copyScripts(Path bin) throws IOException {
    for (String script : List.of("heartbeat-wake", "heartbeat-relay")) {
      Files.copy(SCRIPT.resolveSibling(script), bin.resolve(script));
    }
  }

  private String agent(io.heartbeat4j.worker.Worker worker) {
    return agent(worker, SCRIPT);
  }

  private String agent(io.heartbeat4j.worker.Worker worker, Path script) {
    return scene.addAgent("Wren", worker, "access-" + UUID.randomUUID(), "process", command(script));
  }

  private Map<String, Object> command(Path script) {
    return Map.of(
        "command", "sh", "args", java.util.List.of(script.toString(), "--config", "some.yaml"),
        "env", Map.of("HEARTBEAT_SOCKET", directory.resolve("wake.sock").toString()));
  }
}
