package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may call the adapter's routes, and what the host tells of its profiles. */
class ExternalAdapterAccessTest {

  private static final Map<String, String> VERSION = Map.of("Heartbeat-Adapter-Version", "1");

  @TempDir
  Path directory;

  @Test
  void over_http_the_adapters_key_is_needed() {
    String key = UUID.randomUUID().toString();
    try (AdapterScene host = new AdapterScene(directory)) {
      host.scene.adapterKey = Optional.of(Secret.of(key));
      host.start((context, settings) -> new WorkResult.Done("Done."));

      assertThat(get(host, "another key").status()).isEqualTo(401);
      assertThat(get(host, "another key").body().getString("code")).isEqualTo("key_refused");
      assertThat(get(host, key).body().getString("defaultProfile")).isEqualTo("coder");
    }
  }

  @Test
  void without_a_configured_key_there_is_nothing_over_http() {
    try (AdapterScene host = new AdapterScene(directory)) {
      host.start((context, settings) -> new WorkResult.Done("Done."));

      assertThat(get(host, "").status()).isEqualTo(404);
      assertThat(host.adapter.statusWithVersion("1")).isEqualTo(200);
    }
  }

  private static HostFixture.HttpReply get(AdapterScene host, String key) {
    return host.scene.request(HttpMethod.GET, "/v1/adapter/profiles", key, VERSION, "");
  }

  @Test
  void a_body_is_read_only_after_the_key() throws IOException {
    try (AdapterScene host = new AdapterScene(directory)) {
      host.scene.adapterKey = Optional.of(Secret.of(UUID.randomUUID().toString()));
      host.start((context, settings) -> new WorkResult.Done("Done."));

      try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), host.scene.port)) {
        caller.getOutputStream().write(("POST /v1/adapter/runs HTTP/1.1\r\nHost: host\r\nAuthorization: Bearer no\r\n"
            + "Heartbeat-Adapter-Version: 1\r\nContent-Length: 1000000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[12];
        assertThat(caller.getInputStream().readNBytes(answer, 0, answer.length)).isEqualTo(answer.length);
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
      }
    }
  }

  @Test
  void an_adapter_of_another_version_is_told_which_one_fits() {
    try (AdapterScene host = new AdapterScene(directory)) {
      String key = UUID.randomUUID().toString();
      host.scene.adapterKey = Optional.of(Secret.of(key));
      host.start((context, settings) -> new WorkResult.Done("Done."));

      HostFixture.HttpReply reply = host.scene.request(HttpMethod.GET, "/v1/adapter/profiles", key,
          Map.of("Heartbeat-Adapter-Version", "2"), "");

      assertThat(reply.status()).isEqualTo(426);
      assertThat(reply.body().getString("code")).isEqualTo("adapter_version");
      assertThat(reply.body().getJsonArray("supported")).isEqualTo(JsonArray.of(1));
      assertThat(host.adapter.statusWithVersion("")).isEqualTo(426);
    }
  }

  @Test
  void an_expired_token_starts_nothing() {
    try (AdapterScene host = new AdapterScene(directory,
        EmbeddedOptions.defaults().virtualTime(Instant.now()))) {
      host.start((context, settings) -> new WorkResult.Done("never"));
      String agent = host.adapter.addAgent("Wren");
      host.scene.createAssignedIssue("Late", agent);
      InProcessWake wake = host.adapter.nextWake();
      HostFixture.await(host.scene.server.advanceTime(Duration.ofDays(3)));

      HostFixture.HttpReply reply = host.adapter.start(wake);

      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.body().getString("code")).isEqualTo("token_refused");
      assertThat(host.scene.events).isEmpty();
    }
  }

  @Test
  void the_profiles_are_told_with_what_an_agent_may_change() {
    try (AdapterScene host = new AdapterScene(directory)) {
      host.start((context, settings) -> new WorkResult.Done("Done."));

      JsonObject told = host.adapter.request(HttpMethod.GET, "profiles", "unused", "").body();

      assertThat(told.getInteger("api")).isEqualTo(1);
      assertThat(told.getString("version")).isNotBlank();
      JsonObject coder = told.getJsonArray("profiles").getJsonObject(0);
      assertThat(coder.getString("name")).isEqualTo("coder");
      assertThat(coder.getString("worker")).isEqualTo("scripted");
      assertThat(coder.getString("description")).isEqualTo("Writes code");
      assertThat(coder.getJsonArray("models")).isEqualTo(JsonArray.of("small", "large"));
      assertThat(coder.getJsonObject("health")).isEqualTo(JsonObject.of("level", "info", "message", "ready"));
      JsonObject settings = coder.getJsonObject("settings").getJsonObject("properties");
      assertThat(settings.fieldNames()).containsExactlyInAnyOrder("times", "note", "model", "model.max-cost");
      assertThat(settings.getJsonObject("times")).isEqualTo(JsonObject.of(
          "type", "integer", "description", "how often", "default", 3));
      assertThat(settings.getJsonObject("model").getJsonArray("enum")).isEqualTo(JsonArray.of("small", "large"));
      assertThat(told.getJsonArray("profiles").getJsonObject(1).getJsonObject("settings").getJsonObject("properties"))
          .isEmpty();
    }
  }

  @Test
  void a_configuration_is_tested_as_a_run_would_use_it() {
    try (AdapterScene host = new AdapterScene(directory)) {
      host.start((context, settings) -> new WorkResult.Done("Done."));
      host.scene.createAssignedIssue("Tested", host.adapter.addAgent("Wren"));
      InProcessWake wake = host.adapter.nextWake();
      JsonObject body = AdapterClient.body(wake);

      assertThat(checks(host, wake.token(), body)).containsExactlyInAnyOrderEntriesOf(Map.of(
          "profile", "info", "worker", "info", "workspace", "info", "server", "info", "clock", "info", "token",
          "info"));
      assertThat(checks(host, wake.token(), body.copy().put("profile", "codr")))
          .containsEntry("unknown_profile", "error").containsEntry("token", "info");
      assertThat(checks(host, wake.token(), body.copy().put("settings", JsonObject.of("times", "often"))))
          .containsEntry("invalid_settings", "error");
      assertThat(checks(host, "another-token", body)).containsEntry("token_refused", "error")
          .containsEntry("profile", "info");
      HostFixture.await(host.scene.server.startOutage());
      assertThat(checks(host, wake.token(), body)).containsEntry("server", "error")
          .containsEntry("server_unavailable", "error");
      HostFixture.await(host.scene.server.endOutage());
    }
  }

  private static Map<String, String> checks(AdapterScene host, String token, JsonObject body) {
    Map<String, String> levels = new java.util.LinkedHashMap<>();
    JsonArray checks = host.adapter.request(HttpMethod.POST, "test", token, body.encode()).body()
        .getJsonArray("checks");
    for (int i = 0; i < checks.size(); i++) {
      JsonObject check = checks.getJsonObject(i);
      assertThat(check.containsKey("hint")).isEqualTo(!check.getString("level").equals("info"));
      levels.put(check.getString("code"), check.getString("level"));
    }
    return levels;
  }
}
