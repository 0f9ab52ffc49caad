package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.Usage;
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

/** Paperclip's hermes_gateway adapter on one side, heartbeats on the other. */
class GatewayTest {

  private final HostScene scene = new HostScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void an_assigned_issue_is_done_and_what_the_worker_says_is_in_the_log_of_the_run() {
    String agent = scene.agent("Wren", context -> {
      context.progress("Looking for the README.");
      return new WorkResult.Done("Said hello.");
    });
    scene.start();

    String issue = scene.assigned("Say hello", agent);

    JsonNode run = scene.endedRun(agent);
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
    assertThat(run.path("stdoutExcerpt").asText()).contains("Looking for the README.");
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(scene.agentComments(issue)).containsExactly("Said hello.");
  }

  @Test
  void usage_cost_model_and_session_are_told_at_the_end_and_no_cost_event_is_sent() {
    String agent = scene.agent("Wren", context -> {
      context.used(new Usage("acme", "large", 1_000, 200, 300, new BigDecimal("0.0123")));
      context.used(new Usage("acme", "large", 10, 0, 3, new BigDecimal("0.0007")));
      context.session("conversation-7");
      return new WorkResult.Done("Done.");
    });
    scene.start();

    scene.assigned("Think", agent);

    String run = scene.endedRun(agent).path("id").asText();
    var end = scene.get("/v1/runs/" + run, scene.access("Wren")).body();
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
    String agent = scene.agent("Wren", context -> {
      context.used(new Usage("acme", "large", 1_000, 0, 200, new BigDecimal("0.05")));
      return new WorkResult.Done("Done.");
    });
    scene.start();

    scene.assigned("Think", agent);

    String run = scene.endedRun(agent).path("id").asText();
    assertThat(scene.get("/v1/runs/" + run, scene.access("Wren")).body().getString("session_id")).isEqualTo(run);
  }

  @Test
  void an_idle_heartbeat_ends_with_nothing_that_could_become_a_comment() {
    String agent = scene.agent("Wren", context -> new WorkResult.Done("never"));
    scene.start();

    HostScene.await(scene.board.invoke(agent));

    JsonNode run = scene.endedRun(agent);
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
    assertThat(run.path("stdoutExcerpt").asText()).isEmpty();
    assertThat(scene.get("/v1/runs/" + run.path("id").asText(), scene.access("Wren")).body().fieldNames())
        .containsExactlyInAnyOrder("run_id", "status");
  }

  @Test
  void a_wake_that_is_sent_again_is_the_same_run_and_beats_once() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    String agent = scene.agent("Wren", context -> {
      calls.incrementAndGet();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.start();
    scene.assigned("Once", agent);
    HostScene.until("the work has begun", () -> calls.get() == 1);
    String run = scene.runs(agent).get(0).path("id").asText();

    assertThat(scene.wake(run, scene.access("Wren"))).satisfies(again -> {
      assertThat(again.status()).isEqualTo(202);
      assertThat(again.body().getString("run_id")).isEqualTo(run);
      assertThat(again.body().getString("status")).isEqualTo("running");
    });
    go.countDown();
    scene.endedRun(agent);

    assertThat(scene.wake(run, scene.access("Wren")).body().getString("status")).isEqualTo("completed");
    assertThat(calls).hasValue(1);
  }

  @Test
  void wakes_for_others_are_refused_without_detail() {
    CountDownLatch go = new CountDownLatch(1);
    String wren = scene.agent("Wren", context -> {
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.agent("Pia", context -> new WorkResult.Done("never"));
    scene.start();
    scene.assigned("Wren's", wren);
    HostScene.until("the run is there", () -> !scene.runs(wren).isEmpty()
        && scene.runs(wren).get(0).path("status").asText().equals("running"));
    String run = scene.runs(wren).get(0).path("id").asText();

    assertThat(scene.wake(run, "x".repeat(40)).status()).isEqualTo(401);
    assertThat(scene.wake(run, scene.access("Pia")).status()).isEqualTo(403);
    assertThat(scene.wake(UUID.randomUUID().toString(), scene.access("Pia")).status()).isEqualTo(403);
    assertThat(scene.wake("run-7", scene.access("Pia")).status()).isEqualTo(400);
    assertThat(scene.get("/v1/runs/" + run, scene.access("Pia")).status()).isEqualTo(404);
    assertThat(scene.get("/v1/runs/" + UUID.randomUUID(), scene.access("Wren")).status()).isEqualTo(404);
    go.countDown();
    scene.endedRun(wren);
  }

  @Test
  void with_a_key_that_the_server_does_not_take_any_more_wakes_say_whose_it_is_until_a_new_one_is_read() {
    String wren = scene.agent("Wren", context -> new WorkResult.Done("Done."));
    scene.start();
    scene.assigned("With the first key", wren);
    scene.endedRun(wren);
    scene.changeKey("Wren");

    var refused = scene.wake(UUID.randomUUID().toString(), scene.access("Wren"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body().getString("error")).contains("agent 'Wren'", "401", "'key'").doesNotContain("pcp_");

    HostScene.await(scene.host().reload(scene.configuration()));
    String issue = scene.assigned("With a new key", wren);

    HostScene.until("it is done", () -> scene.status(issue).equals("done"));
  }

  @Test
  void a_stop_cancels_the_work_and_the_run_reaches_its_end() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    String agent = scene.agent("Wren", context -> {
      context.cancellation().onRequested(asked::countDown);
      started.countDown();
      asked.await();
      throw new InterruptedException("stopped");
    });
    scene.start();
    String issue = scene.assigned("Long", agent);
    HostScene.await(started);
    String run = scene.runs(agent).get(0).path("id").asText();

    var stopped = scene.request(HttpMethod.POST, "/v1/runs/" + run + "/stop", scene.access("Wren"), Map.of(), "");

    assertThat(stopped.body().getString("status")).isEqualTo("stopping");
    HostScene.until("the run is over", () ->
        scene.get("/v1/runs/" + run, scene.access("Wren")).body().getString("status").equals("cancelled"));
    assertThat(scene.status(issue)).isEqualTo("blocked");
  }

  @Test
  void a_run_that_the_board_cancels_is_noticed_although_nobody_calls_stop() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    String agent = scene.agent("Wren", context -> {
      context.cancellation().onRequested(asked::countDown);
      started.countDown();
      asked.await();
      throw new InterruptedException("stopped");
    });
    scene.start();
    scene.assigned("Long", agent);
    HostScene.await(started);
    String run = scene.runs(agent).get(0).path("id").asText();

    HostScene.await(scene.board.cancelRun(run));

    HostScene.await(asked);
    HostScene.until("the run is over", () ->
        scene.get("/v1/runs/" + run, scene.access("Wren")).body().getString("status").equals("cancelled")
            || scene.get("/v1/runs/" + run, scene.access("Wren")).body().getString("status").equals("failed"));
  }

  @Test
  void a_wake_beyond_the_queue_is_sent_away_with_a_time_to_come_back() {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    String agent = scene.agent("Wren", context -> {
      calls.incrementAndGet();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.limits = new io.heartbeat4j.host.config.HostLimits(1, 1, Map.of(), Map.of(), 100, 1 << 20, Duration.ofSeconds(5));
    scene.start();
    scene.assigned("One", agent);
    HostScene.until("the first runs", () -> calls.get() == 1);
    scene.assigned("Two", agent);
    String third = UUID.randomUUID().toString();
    HostScene.until("the second waits", () -> scene.wake(third, scene.access("Wren")).status() == 429);

    assertThat(scene.wake(third, scene.access("Wren")).headers()).containsEntry("retry-after", "5");
    assertThat(scene.get("/v1/runs/" + third, scene.access("Wren")).status()).isEqualTo(404);
    go.countDown();
    HostScene.until("both are done", () -> scene.runs(agent).stream()
        .allMatch(run -> run.path("status").asText().equals("succeeded")));
  }
}
