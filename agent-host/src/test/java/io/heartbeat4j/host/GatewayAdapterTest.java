package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.http.HttpMethod;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Paperclip's hermes_gateway adapter on one side, heartbeats on the other. */
class GatewayAdapterTest {

  private final HostFixture scene = new HostFixture();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void an_assigned_issue_is_done_and_what_the_worker_says_is_in_the_log_of_the_run() {
    String agent = scene.addAgent("Wren", context -> {
      context.run().reportProgress("Looking for the README.");
      return new WorkResult.Done("Said hello.");
    });
    scene.start();

    String issue = scene.createAssignedIssue("Say hello", agent);

    JsonNode run = scene.awaitEndedRun(agent);
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
    assertThat(run.path("stdoutExcerpt").asText()).contains("Looking for the README.");
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(scene.agentComments(issue)).containsExactly("Said hello.");
  }

  @Test
  void usage_cost_model_and_session_are_told_at_the_end_and_no_cost_event_is_sent() {
    String agent = scene.addAgent("Wren", context -> {
      context.usage().report(new ProviderUsage("acme", "large", 1_000, 200, 300, new BigDecimal("0.0123")));
      context.usage().report(new ProviderUsage("acme", "large", 10, 0, 3, new BigDecimal("0.0007")));
      context.run().reportSession("conversation-7");
      return new WorkResult.Done("Done.");
    });
    scene.start();

    scene.createAssignedIssue("Think", agent);

    String run = scene.awaitEndedRun(agent).path("id").asText();
    var end = scene.get("/v1/runs/" + run, scene.accessKey("Wren")).body();
    assertThat(end.getString("status")).isEqualTo("completed");
    assertThat(end.getJsonObject("usage").getLong("input_tokens")).isEqualTo(1_010);
    assertThat(end.getJsonObject("usage").getLong("cached_input_tokens")).isEqualTo(200);
    assertThat(end.getJsonObject("usage").getLong("output_tokens")).isEqualTo(303);
    assertThat(end.getDouble("cost_usd")).isEqualTo(0.013);
    assertThat(end.getString("model")).isEqualTo("large");
    assertThat(end.getString("session_id")).isEqualTo("conversation-7");
    assertThat(scene.server.requests().matching("POST", ".*/cost-events")).isEmpty();
  }

  @Test
  void usage_without_a_session_is_told_as_the_runs_own_since_paperclip_tells_a_sessions_runs_by_their_difference() {
    String agent = scene.addAgent("Wren", context -> {
      context.usage().report(new ProviderUsage("acme", "large", 1_000, 0, 200, new BigDecimal("0.05")));
      return new WorkResult.Done("Done.");
    });
    scene.start();

    scene.createAssignedIssue("Think", agent);

    String run = scene.awaitEndedRun(agent).path("id").asText();
    assertThat(scene.get("/v1/runs/" + run, scene.accessKey("Wren")).body().getString("session_id")).isEqualTo(run);
  }

  @Test
  void an_idle_heartbeat_ends_with_nothing_that_could_become_a_comment() {
    String agent = scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();

    HostFixture.await(scene.embeddedBoard.invokeHeartbeat(agent));

    JsonNode run = scene.awaitEndedRun(agent);
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
    assertThat(run.path("stdoutExcerpt").asText()).isEmpty();
    assertThat(scene.get("/v1/runs/" + run.path("id").asText(), scene.accessKey("Wren")).body().fieldNames())
        .containsExactlyInAnyOrder("run_id", "status");
  }

  @Test
  void a_wake_that_is_sent_again_is_the_same_run_and_beats_once() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    String agent = scene.addAgent("Wren", context -> {
      calls.incrementAndGet();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.start();
    scene.createAssignedIssue("Once", agent);
    HostFixture.waitUntil("the work has begun", () -> calls.get() == 1);
    String run = scene.runs(agent).get(0).path("id").asText();

    assertThat(scene.wake(run, scene.accessKey("Wren"))).satisfies(again -> {
      assertThat(again.status()).isEqualTo(202);
      assertThat(again.body().getString("run_id")).isEqualTo(run);
      assertThat(again.body().getString("status")).isEqualTo("running");
    });
    go.countDown();
    scene.awaitEndedRun(agent);

    assertThat(scene.wake(run, scene.accessKey("Wren")).body().getString("status")).isEqualTo("completed");
    assertThat(calls).hasValue(1);
  }

  @Test
  void wakes_for_others_are_refused_without_detail() {
    CountDownLatch go = new CountDownLatch(1);
    String wren = scene.addAgent("Wren", context -> {
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.addAgent("Pia", context -> new WorkResult.Done("never"));
    scene.start();
    scene.createAssignedIssue("Wren's", wren);
    HostFixture.waitUntil("the run is there", () -> !scene.runs(wren).isEmpty()
        && scene.runs(wren).get(0).path("status").asText().equals("running"));
    String run = scene.runs(wren).get(0).path("id").asText();

    assertThat(scene.wake(run, "x".repeat(40)).status()).isEqualTo(401);
    assertThat(scene.wake(run, scene.accessKey("Pia")).status()).isEqualTo(403);
    assertThat(scene.wake(UUID.randomUUID().toString(), scene.accessKey("Pia")).status()).isEqualTo(403);
    assertThat(scene.wake("run-7", scene.accessKey("Pia")).status()).isEqualTo(400);
    assertThat(scene.get("/v1/runs/" + run, scene.accessKey("Pia")).status()).isEqualTo(404);
    assertThat(scene.get("/v1/runs/" + UUID.randomUUID(), scene.accessKey("Wren")).status()).isEqualTo(404);
    go.countDown();
    scene.awaitEndedRun(wren);
  }

  @Test
  void with_a_key_that_the_server_does_not_take_any_more_wakes_say_whose_it_is_until_a_new_one_is_read() {
    String wren = scene.addAgent("Wren", context -> new WorkResult.Done("Done."));
    scene.start();
    scene.createAssignedIssue("With the first key", wren);
    scene.awaitEndedRun(wren);
    scene.changeKey("Wren");

    var refused = scene.wake(UUID.randomUUID().toString(), scene.accessKey("Wren"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body().getString("error")).contains("agent 'Wren'", "401", "'key'").doesNotContain("pcp_");

    HostFixture.await(scene.host().reload(scene.configuration()));
    String issue = scene.createAssignedIssue("With a new key", wren);

    HostFixture.waitUntil("it is done", () -> scene.status(issue).equals("done"));
  }

  @Test
  void a_stop_cancels_the_work_and_the_run_reaches_its_end() {
    RunningWork work = startWork();

    var stopped = scene.request(HttpMethod.POST, "/v1/runs/" + work.run() + "/stop", scene.accessKey("Wren"), Map.of(),
        "");

    assertThat(stopped.body().getString("status")).isEqualTo("stopping");
    HostFixture.waitUntil("the run is over", () -> scene.get("/v1/runs/" + work.run(), scene.accessKey("Wren")).body()
        .getString("status").equals("cancelled"));
    assertThat(scene.status(work.issue())).isEqualTo("blocked");
  }

  /** Work that goes on until it is asked to stop. */
  private record RunningWork(String agent, String issue, String run) {}

  private RunningWork startWork() {
    HeldWorker work = new HeldWorker();
    String agent = scene.addAgent("Wren", work);
    scene.start();
    String issue = scene.createAssignedIssue("Long", agent);
    work.awaitStarted();
    return new RunningWork(agent, issue, scene.runs(agent).get(0).path("id").asText());
  }

  enum Stop {
    BOARD("the board has cancelled the run", "recovery notice"), PAUSE_HOLD("the board has paused this work",
        "end the pause"), AGENT_PAUSE("the board has paused this work", "end the pause"), BUDGET(
            "the budget was used up",
            "raise the monthly budget of Wren"), REASSIGNED("the issue was given to somebody else",
                "Wren does nothing more here"), TIME_LIMIT("the time limit was reached", "timeoutSec");

    private final String reason;
    private final String next;

    Stop(String reason, String next) {
      this.reason = reason;
      this.next = next;
    }
  }

  @ParameterizedTest
  @EnumSource(Stop.class)
  void whoever_stops_a_run_the_issue_says_who_and_what_to_do(Stop stop) {
    RunningWork work = startWork();
    String issue = work.issue();

    switch (stop) {
      case BOARD -> HostFixture.await(scene.embeddedBoard.cancelRun(work.run()));
      case PAUSE_HOLD -> HostFixture.await(scene.embeddedBoard.request("POST", "/api/issues/" + issue + "/tree-holds",
          json("mode", "pause")));
      case AGENT_PAUSE -> HostFixture.await(scene.embeddedBoard.pauseAgent(work.agent()));
      case BUDGET -> spendItAll(work.agent());
      case REASSIGNED -> HostFixture.await(scene.embeddedBoard.request("PATCH", "/api/issues/" + issue,
          json("assigneeUserId", "local-board").putNull("assigneeAgentId")));
      case TIME_LIMIT ->
        scene.request(HttpMethod.POST, "/v1/runs/" + work.run() + "/stop", scene.accessKey("Wren"), Map.of(), "");
    }

    HostFixture.waitUntil("it is said", () -> !scene.agentComments(issue).isEmpty());
    assertThat(scene.agentComments(issue)).singleElement().asString().contains(stop.reason, stop.next)
        .doesNotContain("taken from me");
  }

  private static ObjectNode json(String field, String value) {
    return JsonNodeFactory.instance.objectNode().put(field, value);
  }

  private void spendItAll(String agent) {
    HostFixture.await(scene.embeddedBoard.request("PATCH", "/api/agents/" + agent,
        JsonNodeFactory.instance.objectNode().put("budgetMonthlyCents", 10)));
    HostFixture.await(scene.embeddedBoard.request("POST", "/api/companies/" + scene.company + "/cost-events",
        JsonNodeFactory.instance.objectNode().put("agentId", agent).put("provider", "acme").put("model", "large")
            .put("costCents", 20).put("occurredAt", "2026-01-01T00:00:00Z")));
  }

  @Test
  void a_wake_beyond_the_queue_is_sent_away_with_a_time_to_come_back() {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    String agent = scene.addAgent("Wren", context -> {
      calls.incrementAndGet();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.limits = new io.heartbeat4j.host.config.HostLimits(1, 1, Map.of(), Map.of(), 100, 1 << 20,
        Duration.ofSeconds(5));
    scene.start();
    scene.createAssignedIssue("One", agent);
    HostFixture.waitUntil("the first runs", () -> calls.get() == 1);
    scene.createAssignedIssue("Two", agent);
    String third = UUID.randomUUID().toString();
    HostFixture.waitUntil("the second waits", () -> scene.wake(third, scene.accessKey("Wren")).status() == 429);

    assertThat(scene.wake(third, scene.accessKey("Wren")).headers()).containsEntry("retry-after", "5");
    assertThat(scene.get("/v1/runs/" + third, scene.accessKey("Wren")).status()).isEqualTo(404);
    go.countDown();
    HostFixture.waitUntil("both are done", () -> scene.runs(agent).stream()
        .allMatch(run -> run.path("status").asText().equals("succeeded")));
  }
}
