package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.worker.WorkResult;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An issue that the board has paused, with all below it. */
class PauseHoldTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture(HeartbeatFixture.withoutReminders());
  private final AtomicInteger worked = new AtomicInteger();
  private String hold = "";
  private final String agent = fixture.agent("Wren", context -> {
    worked.incrementAndGet();
    return new WorkResult.Done("Done.");
  });

  @AfterEach
  void close() {
    fixture.close();
  }

  /** An issue that the board pauses when a run is on its way to it: its checkout is refused. */
  private String pausedOnTheWay() {
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(agent));
    String issue = fixture.assigned("Paused", agent);
    HeartbeatFixture.await(fixture.embeddedBoard.resumeAgent(agent));
    fixture.server.faults()
        .addRule(FaultRuleBuilder.on("POST", "/api/issues/[^/]+/checkout").once().respondWith(409, Map.of(), """
        {"error": "Issue checkout blocked by active subtree pause hold",
         "details": {"issueId": "%s", "holdId": "%s", "mode": "pause"}}""".formatted(issue, issue)));
    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));
    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.RunRequested.class);
    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    hold = HeartbeatFixture.id(HeartbeatFixture.await(fixture.embeddedBoard.pauseIssueTree(issue, "not now")));
    return issue;
  }

  @Test
  void it_is_left_as_it_is_and_the_timeline_says_why() {
    String issue = pausedOnTheWay();

    assertThat(worked).hasValue(0);
    assertThat(fixture.requests("PATCH", "/api/issues/.*")).isEmpty();
    assertThat(fixture.agentComments(issue)).isEmpty();
    assertThat(fixture.requests("POST", "/api/issues/" + issue + "/checkout")).hasSize(1);
    assertThat(fixture.events)
        .anySatisfy(event -> assertThat(event.message()).contains("is paused; the board resumes it"));
  }

  @Test
  void the_next_heartbeat_does_not_ask_for_it_again() {
    String issue = pausedOnTheWay();
    fixture.restart();

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));

    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    assertThat(fixture.requests("POST", "/api/issues/" + issue + "/checkout")).hasSize(1);
  }

  @Test
  void it_is_worked_when_it_is_resumed() {
    String issue = pausedOnTheWay();

    HeartbeatFixture.await(fixture.embeddedBoard.resumeIssueTree(issue, hold));
    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "Go on."));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(worked).hasValue(1);
  }
}
