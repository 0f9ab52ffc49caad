package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can be seen of a host, and by whom. */
class OperatorRoutesTest {

  private final HostFixture scene = new HostFixture();
  private final String view = "view-" + UUID.randomUUID();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void health_is_for_everybody_and_readiness_asks_the_server() {
    scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    scene.start();

    assertThat(scene.get("/healthz", "").status()).isEqualTo(200);
    assertThat(scene.get("/readyz", "").status()).isEqualTo(200);

    scene.stopServer();
    assertThat(scene.get("/healthz", "").status()).isEqualTo(200);
    HostFixture.waitUntil("the host is not ready", () -> scene.get("/readyz", "").status() == 503);
  }

  @Test
  void many_who_ask_for_readiness_cause_one_request_to_the_server() {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server = HostFixture.await(scene.vertx.createHttpServer().requestHandler(request -> {
      asked.incrementAndGet();
      request.response().putHeader("content-type", "application/json").end("{\"status\":\"ok\"}");
    }).listen(0, "127.0.0.1"));
    scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    scene.configure("Wren", agent -> new AgentConfiguration(
        agent.name(), agent.id(), ServerUrl.of("http://127.0.0.1:" + server.actualPort()), agent.key(),
        agent.accessKey(), agent.workerName(), agent.worker(), agent.provider(), agent.limits(), agent.workspace(),
        agent.slots(), agent.queue(), agent.pollInterval()));
    scene.start();
    HttpClient client = scene.vertx.createHttpClient();
    asked.set(0);

    List<Future<Integer>> answers = IntStream.range(0, 100).mapToObj(i -> client
        .request(HttpMethod.GET, scene.port, "127.0.0.1", "/readyz").compose(HttpClientRequest::send)
        .map(HttpClientResponse::statusCode)).toList();
    HostFixture.await(Future.all(answers));

    assertThat(answers).extracting(Future::result).containsOnly(200);
    assertThat(asked).hasValueBetween(1, 9); // one, one for each 2 s that this takes, and the host's own
  }

  @Test
  void a_wrong_key_is_told_at_the_start_and_the_other_agents_work() {
    scene.viewKey = Optional.of(Secret.of(view));
    String wren = scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    String pia = scene.addAgent("Pia", context -> new WorkResult.Done("Done."));
    HostFixture.await(scene.embeddedBoard.revokeKeys(pia));
    scene.start();

    HostFixture.waitUntil("the key is told",
        () -> scene.get("/metrics", view).body().getString("text").contains("heartbeat_agents_refused 1.0"));

    String issue = scene.createAssignedIssue("Say hello", wren);
    HostFixture.waitUntil("the other agent works", () -> scene.status(issue).equals("done"));
    assertThat(scene.readStreamUntil("/live/events", view, "\"more\":"))
        .contains("the server refuses its key").contains("create a key of this agent on the board");

    scene.changeKey("Pia");
    HostFixture.await(scene.host().reload(scene.configuration()));
    HostFixture.waitUntil("the new key is accepted",
        () -> scene.get("/metrics", view).body().getString("text").contains("heartbeat_agents_refused 0.0"));
  }

  @Test
  void without_a_view_key_there_is_no_page_and_there_are_no_metrics() {
    scene.start();

    assertThat(scene.get("/", "").status()).isEqualTo(404);
    assertThat(scene.get("/metrics", "").status()).isEqualTo(404);
    assertThat(scene.get("/live/events", "").status()).isEqualTo(404);
  }

  @Test
  void the_metrics_count_heartbeats_by_outcome_and_what_they_used() {
    scene.viewKey = Optional.of(Secret.of(view));
    String agent = scene.addAgent("Wren", context -> {
      context.usage().report(new ProviderUsage("acme", "large", 100, 0, 10, new BigDecimal("0.05")));
      return new WorkResult.Done("Done.");
    });
    scene.start();
    scene.createAssignedIssue("Count me", agent);
    ended(agent, 1);
    HostFixture.await(scene.embeddedBoard.invokeHeartbeat(agent));
    ended(agent, 2);

    assertThat(scene.get("/metrics", scene.accessKey("Wren")).status()).isEqualTo(401);
    assertThat(scene.get("/metrics", view).body().getString("text"))
        .contains("heartbeat_heartbeats_total{outcome=\"completed\"} 1.0")
        .contains("heartbeat_heartbeats_total{outcome=\"idle\"} 1.0")
        .contains("heartbeat_idle_without_tokens_total 1.0")
        .contains("heartbeat_tokens_total{kind=\"input\"} 100.0")
        .contains("heartbeat_cost_usd_total 0.05")
        .contains("heartbeat_step_seconds_count{step=\"5_checkout\"} 1")
        .contains("heartbeat_step_seconds_bucket{step=\"5_checkout\",le=\"+Inf\"} 1")
        .contains("heartbeat_queue 0.0")
        .contains("heartbeat_slots 8.0")
        .contains("heartbeat_journal_depth 0.0");
  }

  @Test
  void the_metrics_show_what_runs_now_and_what_is_not_settled_yet() {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    scene.viewKey = Optional.of(Secret.of(view));
    String agent = scene.addAgent("Wren", context -> {
      begun.countDown();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.start();
    scene.createAssignedIssue("Long", agent);
    HostFixture.await(begun);

    assertThat(scene.get("/metrics", view).body().getString("text"))
        .contains("heartbeat_slots_used 1.0").contains("heartbeat_journal_depth 1.0");
    go.countDown();
    ended(agent, 1);
  }

  @Test
  void the_metrics_count_conflicts_by_what_the_server_said() {
    scene.viewKey = Optional.of(Secret.of(view));
    String agent = scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    String other = HostFixture.await(scene.embeddedBoard.createAgent(scene.company, "Pia", Map.of())).path("id")
        .asText();
    scene.server.faults()
        .addRule(FaultRuleBuilder.on("POST", "/api/issues/[^/]+/checkout").once().respondWith(409, Map.of(),
            "{\"error\":\"Issue checkout conflict\",\"details\":{\"assigneeAgentId\":\"" + other + "\"}}"));
    scene.start();
    scene.createAssignedIssue("Somebody else's", agent);
    ended(agent, 1);

    assertThat(scene.get("/metrics", view).body().getString("text"))
        .contains("heartbeat_conflicts_total{cause=\"another_agent\",step=\"5_checkout\"} 1.0");
  }

  @Test
  void the_page_is_served_with_a_policy_and_its_data_only_for_the_key() {
    scene.viewKey = Optional.of(Secret.of(view));
    scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    scene.start();

    assertThat(scene.get("/", "")).satisfies(page -> {
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.headers().get("content-security-policy")).contains("script-src 'self'");
      assertThat(page.body().getString("text")).contains("/page/live.js").doesNotContain("Wren");
    });
    assertThat(scene.get("/page/live.js", "").status()).isEqualTo(200);
    assertThat(scene.get("/page/../META-INF/MANIFEST.MF", "").status()).isEqualTo(404);
    assertThat(scene.get("/live/events", "no such key at all").status()).isEqualTo(401);
  }

  @Test
  void of_more_agents_than_a_page_can_show_the_busy_are_shown_and_the_rest_is_counted() {
    scene.viewKey = Optional.of(Secret.of(view));
    for (int i = 0; i < 500; i++) {
      scene.addAgent("idle-" + i, context -> new WorkResult.Done("Done."));
    }
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    String agent = scene.addAgent("the-last", context -> {
      begun.countDown();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.start();
    scene.createAssignedIssue("Work", agent);
    HostFixture.await(begun);

    String page = scene.readStreamUntil("/live/events", view, "\"more\":");
    go.countDown();

    assertThat(page).contains("\"name\":\"the-last\"", "\"name\":\"idle-0\"", "\"more\":1")
        .doesNotContain("\"name\":\"idle-499\"");
  }

  @Test
  void a_paused_agents_wakes_wait_until_it_is_resumed() {
    scene.viewKey = Optional.of(Secret.of(view));
    String agent = scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    scene.start();
    assertThat(scene.request(HttpMethod.POST, "/live/agents/Wren/pause", view, Map.of(), "").status()).isEqualTo(204);

    String issue = scene.createAssignedIssue("Wait", agent);

    HostFixture.waitUntil("the wake waits", () -> !scene.runs(agent).isEmpty() && "queued".equals(scene.get(
        "/v1/runs/" + scene.runs(agent).get(0).path("id").asText(), scene.accessKey("Wren")).body()
        .getString("status")));
    assertThat(scene.request(HttpMethod.POST, "/live/agents/Wren/resume", view, Map.of(), "").status()).isEqualTo(204);
    HostFixture.waitUntil("it is done", () -> scene.status(issue).equals("done"));
    assertThat(scene.request(HttpMethod.POST, "/live/agents/Nobody/pause", view, Map.of(), "").status()).isEqualTo(404);
  }

  @Test
  void a_secret_that_a_worker_lets_slip_is_neither_on_the_page_nor_in_the_metrics_nor_in_the_runs_answer() {
    scene.viewKey = Optional.of(Secret.of(view));
    String slipped = "slipped-" + UUID.randomUUID();
    scene.redactor.register(slipped);
    String agent = scene.addAgent("Wren", context -> {
      context.run().reportProgress("the token is " + slipped);
      context.usage().report(new ProviderUsage("acme", "large", 100, 0, 10, new BigDecimal("0.05")));
      return new WorkResult.Done("I used " + slipped + " for it. So much for that.");
    });
    scene.start();
    scene.createAssignedIssue("Keep a secret", agent);
    ended(agent, 1);

    String run = scene.runs(agent).get(0).path("id").asText();
    String page = scene.readStreamUntil("/live/events", view, "So much for that.");
    String metrics = scene.get("/metrics", view).body().getString("text");
    String answer = scene.get("/v1/runs/" + run, scene.accessKey("Wren")).body().encode();
    assertThat(page).contains("the token is ");
    for (String seen : List.of(page, metrics, answer)) {
      assertThat(seen).doesNotContain(
          slipped, scene.accessKey("Wren"), scene.configuration("Wren").key().orElseThrow().reveal(), view);
    }
  }

  private void ended(String agent, int runs) {
    HostFixture.waitUntil(runs + " runs have ended", () -> scene.runs(agent).size() == runs
        && scene.runs(agent).stream().allMatch(run -> run.path("finishedAt").isTextual()));
  }
}
