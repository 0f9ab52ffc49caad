package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.worker.WorkResult;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host that ends and starts again. */
class HostRestartTest {

  private final HostFixture scene = new HostFixture();
  private final HeldWorker work = new HeldWorker();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void the_end_of_a_run_is_told_by_the_next_host_too() {
    AtomicInteger calls = new AtomicInteger();
    String agent = scene.addAgent("Wren", context -> {
      calls.incrementAndGet();
      return new WorkResult.Done("Done.");
    });
    scene.start();
    scene.createAssignedIssue("Once", agent);
    HostFixture.waitUntil("the run is over", () -> allSucceeded(agent));
    String run = scene.runs(agent).get(0).path("id").asText();
    var before = scene.get("/v1/runs/" + run, scene.accessKey("Wren")).body();
    scene.drain(Duration.ofSeconds(1));

    scene.start();

    assertThat(scene.get("/v1/runs/" + run, scene.accessKey("Wren")).body()).isEqualTo(before);
    assertThat(scene.get("/v1/runs/" + run + "/events", scene.accessKey("Wren")).body().getString("text"))
        .contains("run.completed");
    assertThat(scene.wake(run, scene.accessKey("Wren")).body()).isEqualTo(before);
    assertThat(calls).hasValue(1);
  }

  @Test
  void work_that_goes_on_when_the_host_ends_is_put_off_and_its_issue_rests_until_a_time() {
    CountDownLatch started = new CountDownLatch(1);
    String agent = scene.addAgent("Wren", context -> {
      started.countDown();
      new CountDownLatch(1).await();
      return new WorkResult.Done("never");
    });
    scene.start();
    String issue = scene.createAssignedIssue("Long", agent);
    HostFixture.await(started);

    scene.drain(Duration.ofMillis(10));

    HostFixture.waitUntil("the issue rests", () -> scene.status(issue).equals("in_review"));
    assertThat(scene.agentComments(issue)).singleElement().asString().contains("The host is shutting down");
    assertThat(HostFixture.await(scene.embeddedBoard.readIssue(issue)).path("monitorNextCheckAt").isTextual()).isTrue();
  }

  @Test
  void a_wake_that_waited_when_the_host_ended_is_worked_by_the_next_one() {
    String agent = scene.addAgent("Wren", work);
    scene.limits = new io.heartbeat4j.host.config.HostLimits(
        1, 10, java.util.Map.of(), java.util.Map.of(), 100, 1 << 20, Duration.ofSeconds(5));
    startFirst(agent);
    String second = scene.createAssignedIssue("Second", agent);
    awaitBothAccepted(agent);
    var drained = scene.host().drain(Duration.ofSeconds(20));
    work.release();
    HostFixture.await(drained);
    assertThat(scene.status(second)).isEqualTo("in_progress");

    scene.start();

    HostFixture.waitUntil("both are done", () -> allSucceeded(agent));
    assertThat(scene.status(second)).isEqualTo("done");
    assertThat(scene.agentComments(second)).containsExactly("Done: Second");
  }

  @Test
  void a_gateway_wake_while_the_host_ends_is_kept_for_the_next_one() {
    String agent = scene.addAgent("Wren", work);
    startFirst(agent);
    var drained = scene.host().drain(Duration.ofSeconds(20));

    String second = scene.createAssignedIssue("Second", agent);
    awaitBothAccepted(agent);
    work.release();
    HostFixture.await(drained);
    scene.start();

    HostFixture.waitUntil("both are done", () -> allSucceeded(agent));
    assertThat(scene.agentComments(second)).containsExactly("Done: Second");
  }

  @Test
  void who_follows_a_run_before_the_next_host_has_resumed_it_reads_its_steps() {
    String agent = scene.addAgent("Wren", work);
    startFirst(agent);
    String first = scene.runs(agent).get(0).path("id").asText();
    var drained = scene.host().drain(Duration.ofSeconds(20));
    scene.createAssignedIssue("Second", agent);
    awaitBothAccepted(agent);
    String second = scene.runs(agent).stream().map(run -> run.path("id").asText()).filter(run -> !run.equals(first))
        .findFirst().orElseThrow();
    work.release();
    HostFixture.await(drained);
    scene.server.faults().addRule(FaultRuleBuilder.on("GET", "/api/heartbeat-runs/" + second).once()
        .delayRequest(Duration.ofSeconds(4))); // the gateway's adapter connects again after 2

    scene.start();

    HostFixture.waitUntil("both are done", () -> allSucceeded(agent));
    assertThat(scene.run(second).path("stdoutExcerpt").asText()).contains("5 Checkout").contains("8 Update Status");
  }

  @Test
  void a_run_that_waited_for_an_agent_whose_key_is_not_taken_any_more_comes_to_an_end_that_says_so() {
    String agent = scene.addAgent("Wren", work);
    startFirst(agent);
    var drained = scene.host().drain(Duration.ofSeconds(20));
    scene.createAssignedIssue("Second", agent);
    awaitBothAccepted(agent);
    String waits = scene.runs(agent).get(0).path("id").asText();
    work.release();
    HostFixture.await(drained);
    HostFixture.await(scene.embeddedBoard.revokeKeys(agent));

    scene.start();

    HostFixture.waitUntil("it has failed",
        () -> "failed".equals(scene.get("/v1/runs/" + waits, scene.accessKey("Wren")).body().getString("status")));
    assertThat(scene.get("/v1/runs/" + waits, scene.accessKey("Wren")).body().getString("error"))
        .contains("agent 'Wren'", "401");
  }

  private void startFirst(String agent) {
    scene.start();
    scene.createAssignedIssue("First", agent);
    work.awaitStarted();
  }

  private void awaitBothAccepted(String agent) {
    HostFixture.waitUntil("both runs are accepted", () -> scene.runs(agent).size() == 2 && scene.runs(agent).stream()
        .allMatch(run -> scene.get("/v1/runs/" + run.path("id").asText(), scene.accessKey("Wren")).status() == 200));
  }

  private boolean allSucceeded(String agent) {
    return !scene.runs(agent).isEmpty() && scene.runs(agent).stream()
        .allMatch(run -> run.path("status").asText().equals("succeeded"));
  }
}
