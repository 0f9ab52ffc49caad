package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paperclip's heartbeat4j adapter on one side, agents that have chosen a profile on the other. */
class ExternalAdapterTest {

  @TempDir
  Path directory;
  private final String script = UUID.randomUUID().toString();
  private final HostFixture scene = new HostFixture();

  @BeforeEach
  void listenOnASocket() {
    scene.socket = Optional.of(directory.resolve("host.sock"));
  }

  @AfterEach
  void close() {
    scene.close();
    ScriptedWorkerFactory.SCRIPTS.remove(script);
  }

  private AdapterClient start(ScriptedWorkerFactory.Script work) throws IOException {
    ScriptedWorkerFactory.SCRIPTS.put(script, work);
    scene.profiles = HostConfiguration.read(Files.writeString(directory.resolve("host.yaml"), """
        server: SERVER
        profiles:
          coder:
            description: Writes code
            worker: {name: scripted, settings: {script: SCRIPT}}
            overridable: [times, note]
            models: [small, large]
        """.replace("SERVER", scene.server.url()).replace("SCRIPT", script)), Map.of(), directory, directory,
        secret -> {}).profiles();
    scene.start();
    return new AdapterClient(scene, directory.resolve("host.sock"));
  }

  @Test
  void an_agent_without_a_key_is_worked_with_the_token_of_its_run_and_its_log_is_told() throws IOException {
    AdapterClient adapter = start((context, settings) -> {
      context.run().reportProgress("Looking for the README.");
      context.usage().report(new ProviderUsage("acme", "large", 1_000, 200, 300, new BigDecimal("0.0123")));
      return new WorkResult.Done("Said hello.");
    });
    String agent = adapter.addAgent("Wren");
    String issue = scene.createAssignedIssue("Say hello", agent);
    InProcessWake wake = adapter.nextWake();

    HostFixture.HttpReply accepted = adapter.start(wake);

    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.body().getString("runId")).isEqualTo(wake.runId());
    AdapterClient.Stream stream = adapter.follow(wake, null);
    JsonObject end = stream.awaitEnd();
    assertThat(stream.text()).contains("5 Checkout", "Looking for the README.\n", "8 Update Status");
    assertThat(end.getString("phase")).isEqualTo("completed");
    assertThat(end.getString("summary")).isNotBlank();
    assertThat(end.getBoolean("workStarted")).isTrue();
    assertThat(end.getJsonObject("usage")).isEqualTo(new JsonObject().put("inputTokens", 1_000)
        .put("outputTokens", 300).put("cachedInputTokens", 200));
    assertThat(end.getDouble("costUsd")).isEqualTo(0.0123);
    assertThat(end.getString("model")).isEqualTo("large");
    assertThat(end.getString("provider")).isEqualTo("acme");
    adapter.end(wake, 0);
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(scene.agentComments(issue)).containsExactly("Said hello.");
    assertThat(scene.server.requests().matching("POST", ".*/cost-events")).isEmpty();
  }
}
