package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/adapter-api.yaml says what a host answers: nothing else, and all of it. */
class AdapterApiTest {

  private static final String RUNS = "/v1/adapter/runs";

  @TempDir
  Path directory;
  private final String key = UUID.randomUUID().toString();
  private final Set<String> seen = new TreeSet<>();
  private AdapterScene host;

  @BeforeEach
  void open() {
    host = new AdapterScene(directory);
    host.scene.adapterKey = Optional.of(Secret.of(key));
    host.scene.limits = new HostLimits(1, 1, Map.of(), Map.of(), 100, 4_096, Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    host.close();
  }

  private JsonObject call(HttpMethod method, String path, String bearer, String version, String token, String body) {
    Map<String, String> headers = new HashMap<>(Map.of("Heartbeat-Adapter-Version", version));
    if (!token.isEmpty()) {
      headers.put("Paperclip-Run-Token", token);
    }
    HostFixture.HttpReply reply = host.scene.request(method, path, bearer, headers, body);
    if (!reply.headers().getOrDefault("content-type", "").equals("text/event-stream")) {
      AdapterApi.check(method.name(), path, reply.status(), AdapterClient.node(reply.body()));
    }
    seen.add(AdapterApi.name(method.name(), path, reply.status()));
    return reply.body();
  }

  private JsonObject call(HttpMethod method, String path, String token, String body) {
    return call(method, path, key, "1", token, body);
  }

  private InProcessWake wake(String agent, String title) {
    host.scene.createAssignedIssue(title, agent);
    return host.adapter.nextWake();
  }

  private static String body(InProcessWake wake) {
    return new JsonObject().put("runId", wake.runId()).put("agentId", wake.agentId())
        .put("companyId", wake.companyId()).encode();
  }

  @Test
  void every_response_is_described_and_every_described_response_is_given() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    host.start((context, settings) -> {
      begun.countDown();
      go.await();
      return new WorkResult.Done("Done.");
    });
    String agent = host.adapter.addAgent("Wren");
    InProcessWake first = wake(agent, "First");
    InProcessWake second = wake(agent, "Second");
    InProcessWake third = wake(agent, "Third");
    String unknown = RUNS + "/" + UUID.randomUUID();
    String large = "x".repeat(5_000);

    Map<HttpMethod, List<String>> routes = Map.of(
        HttpMethod.GET, List.of("/v1/adapter/profiles", unknown, unknown + "/events"),
        HttpMethod.POST, List.of("/v1/adapter/test", RUNS), HttpMethod.DELETE, List.of(unknown));
    routes.forEach((method, paths) -> paths.forEach(path -> {
      call(method, path, "another key", "1", "", "{}");
      call(method, path, key, "2", "", "{}");
    }));
    for (String path : List.of("/v1/adapter/test", RUNS)) {
      call(HttpMethod.POST, path, first.token(), "no JSON");
      call(HttpMethod.POST, path, first.token(), large);
    }
    for (String path : List.of("", "/events")) {
      call(HttpMethod.GET, RUNS + "/no-id" + path, first.token(), "");
      call(HttpMethod.GET, unknown + path, "", "");
      call(HttpMethod.GET, unknown + path, first.token(), "");
    }
    call(HttpMethod.DELETE, RUNS + "/no-id", first.token(), "");
    call(HttpMethod.DELETE, unknown, "", "");
    call(HttpMethod.DELETE, unknown, first.token(), "");
    call(HttpMethod.GET, "/v1/adapter/profiles", "", "");
    call(HttpMethod.POST, "/v1/adapter/test", first.token(), body(first));
    call(HttpMethod.POST, RUNS, second.token(), body(first));
    call(HttpMethod.POST, RUNS, first.token(), new JsonObject(body(first)).put("profile", "none").encode());
    call(HttpMethod.POST, RUNS, first.token(), body(first));
    HostFixture.await(begun);
    call(HttpMethod.POST, RUNS, second.token(), body(second));
    call(HttpMethod.POST, RUNS, third.token(), body(third));
    call(HttpMethod.GET, RUNS + "/" + first.runId(), first.token(), "");
    call(HttpMethod.DELETE, RUNS + "/" + second.runId(), second.token(), "");
    call(HttpMethod.GET, RUNS + "/" + second.runId() + "/events", second.token(), "");
    host.scene.host().drain(Duration.ofSeconds(30));
    HostFixture.waitUntil("the host is ending", () -> "draining".equals(
        call(HttpMethod.POST, RUNS, third.token(), body(third)).getString("code")));
    go.countDown();

    assertThat(seen).isEqualTo(new TreeSet<>(AdapterApi.responses()));
  }
}
