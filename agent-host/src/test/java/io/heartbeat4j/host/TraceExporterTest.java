package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.host.config.TracingConfiguration;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an OpenTelemetry collector gets to see. */
class TraceExporterTest {

  private final HostFixture scene = new HostFixture();
  private final List<JsonObject> spans = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void a_run_is_a_trace_by_its_own_id_and_each_step_a_span_in_it() {
    collectorThatAnswers(200);
    String agent = scene.addAgent("Wren", context -> new WorkResult.Done("Said hello."));
    scene.start();
    scene.createAssignedIssue("Say hello", agent);
    String run = scene.awaitEndedRun(agent).path("id").asText();

    HostFixture.waitUntil("the run's own span is there", () -> named("heartbeat").size() == 1);

    JsonObject root = named("heartbeat").get(0);
    assertThat(root.getString("traceId")).isEqualTo(run.replace("-", "")).hasSize(32);
    assertThat(root.getString("spanId")).matches("[0-9a-f]{16}");
    assertThat(attributes(root)).containsEntry("paperclip.agent", "Wren").containsEntry("paperclip.run", run)
        .containsEntry("paperclip.issue", "SCE-1").containsEntry("heartbeat.phase", "completed");
    assertThat(spans).extracting(span -> span.getString("name"))
        .contains("1 Identity", "5 Checkout", "6 Understand Context", "7 Do the Work", "8 Update Status");
    assertThat(spans).filteredOn(span -> !span.equals(root)).allSatisfy(step -> {
      assertThat(step.getString("traceId")).isEqualTo(root.getString("traceId"));
      assertThat(step.getString("parentSpanId")).isEqualTo(root.getString("spanId"));
      assertThat(Long.parseLong(step.getString("endTimeUnixNano")))
          .isGreaterThanOrEqualTo(Long.parseLong(step.getString("startTimeUnixNano")));
    });
    assertThat(authorizations).containsOnly("Bearer collector");
  }

  @Test
  void what_still_waits_when_the_host_ends_is_sent() {
    collectorThatAnswers(200);
    String agent = scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    scene.start();
    scene.createAssignedIssue("Say hello", agent);
    scene.awaitEndedRun(agent);

    scene.drain(Duration.ofSeconds(5));

    assertThat(named("heartbeat")).hasSize(1);
  }

  @Test
  void a_collector_that_fails_costs_no_work() {
    collectorThatAnswers(503);
    String agent = scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    scene.start();

    String issue = scene.createAssignedIssue("Say hello", agent);

    HostFixture.waitUntil("spans were refused", () -> !spans.isEmpty());
    HostFixture.waitUntil("the issue is done", () -> scene.status(issue).equals("done"));
    scene.drain(Duration.ofSeconds(5));
  }

  private void collectorThatAnswers(int status) {
    HttpServer collector = HostFixture.await(scene.vertx.createHttpServer().requestHandler(request -> {
      authorizations.add(request.getHeader("authorization"));
      request.body().onSuccess(body -> {
        assertThat(request.path()).isEqualTo("/v1/traces");
        body.toJsonObject().getJsonArray("resourceSpans").getJsonObject(0).getJsonArray("scopeSpans").getJsonObject(0)
            .getJsonArray("spans").forEach(span -> spans.add((JsonObject) span));
        request.response().setStatusCode(status).end("{}");
      });
    }).listen(0, "127.0.0.1"));
    scene.tracing = Optional.of(new TracingConfiguration(
        URI.create("http://127.0.0.1:" + collector.actualPort() + "/v1/traces"),
        Map.of("authorization", Secret.of("Bearer collector"))));
  }

  private List<JsonObject> named(String name) {
    return spans.stream().filter(span -> span.getString("name").equals(name)).toList();
  }

  private static Map<String, String> attributes(JsonObject span) {
    return span.getJsonArray("attributes").stream().map(JsonObject.class::cast)
        .collect(java.util.stream.Collectors.toMap(
            attribute -> attribute.getString("key"),
            attribute -> attribute.getJsonObject("value").iterator().next().getValue().toString()));
  }
}
