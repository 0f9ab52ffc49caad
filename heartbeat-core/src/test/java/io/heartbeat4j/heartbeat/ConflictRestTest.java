package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.worker.WorkResult;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An issue that was somebody else's is left alone for a while, in the next heartbeats too. */
class ConflictRestTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture(HeartbeatFixture.withoutReminders());
  private final AtomicInteger worked = new AtomicInteger();
  private final String agent = fixture.agent("Wren", context -> {
    worked.incrementAndGet();
    return new WorkResult.Done("Done.");
  });

  @AfterEach
  void close() {
    fixture.close();
  }

  /** An issue whose first wake has met a 409. */
  private String contested() {
    return contested(issue -> "{}");
  }

  private String contested(UnaryOperator<String> details) {
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(agent));
    String issue = fixture.assigned("Contested", agent);
    HeartbeatFixture.await(fixture.embeddedBoard.resumeAgent(agent));
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("POST", "/api/issues/[^/]+/checkout").once().respondWith(409, Map.of(),
            "{\"error\":\"Issue checkout conflict\",\"details\":" + details.apply(issue) + "}"));
    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));
    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.RunRequested.class);
    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    return issue;
  }

  @Test
  void the_next_heartbeats_inbox_leaves_it_alone() {
    String issue = contested();
    fixture.restart();

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));

    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    assertThat(fixture.requests("POST", "/api/issues/" + issue + "/checkout")).hasSize(1);
    assertThat(fixture.events)
        .anySatisfy(event -> assertThat(event.message()).contains("somebody else's or paused (409); left alone"));
    assertThat(worked).hasValue(0);
  }

  @Test
  void the_same_wake_again_is_left_alone_too() {
    String issue = contested();

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "heartbeat4j_picked", issue));

    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    assertThat(fixture.requests("POST", "/api/issues/" + issue + "/checkout")).hasSize(1);
  }

  @Test
  void a_wake_for_another_reason_takes_it_up() {
    String issue = contested();

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "issue_status_changed", issue));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(worked).hasValue(1);
  }

  @Test
  void a_comment_takes_it_up() {
    String issue = contested();

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "It is yours now."));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(worked).hasValue(1);
  }

  @Test
  void the_rest_is_as_long_as_it_is_configured() {
    fixture.restart(new HeartbeatLimits(3, Duration.ofHours(1), Duration.ZERO, 80, Duration.ZERO), Clock.systemUTC());
    String issue = contested();

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "heartbeat4j_picked", issue));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
  }

  @Test
  void an_issue_that_another_run_of_the_same_agent_has_does_not_rest_since_that_run_may_be_the_next_to_ask() {
    String issue = contested(id -> """
        {"issueId": "%s", "status": "in_progress", "assigneeAgentId": "%s",
         "checkoutRunId": "00000000-0000-4000-8000-000000000001"}""".formatted(id, agent));
    fixture.restart();

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "heartbeat4j_picked", issue));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(worked).hasValue(1);
  }
}
