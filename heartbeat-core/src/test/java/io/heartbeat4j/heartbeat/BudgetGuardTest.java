package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkResult;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From four fifths of the month's budget on, only critical issues are worked. */
class BudgetGuardTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture();
  private final AtomicInteger worked = new AtomicInteger();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** An agent that has spent 85 of its 100 cents. */
  private String nearlySpent() {
    String agent = HeartbeatFixture.id(HeartbeatFixture
        .await(fixture.embeddedBoard.createAgent(fixture.company, "Wren", Map.of("budgetMonthlyCents", 100))));
    fixture.wakeWith(agent, context -> {
      if (worked.incrementAndGet() == 1) {
        context.usage().report(new ProviderUsage("anthropic", "claude", 1, 0, 1, new BigDecimal("0.85")));
      }
      return new WorkResult.Done("Done.");
    });
    fixture.assigned("The expensive one", agent);
    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    worked.set(1);
    return agent;
  }

  @Test
  void what_is_not_critical_rests_until_another_day_and_says_so() {
    String agent = nearlySpent();

    String issue = fixture.assigned("An ordinary one", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is in_review");
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("85 of 100").contains("critical");
    assertThat(fixture.read(issue).path("monitorNextCheckAt").isTextual()).isTrue();
    assertThat(worked).hasValue(1);
  }

  @Test
  void a_critical_issue_is_worked() {
    String agent = nearlySpent();

    String issue = fixture.issue("Fire", Map.of("status", "todo", "assigneeAgentId", agent, "priority", "critical"));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(worked).hasValue(2);
  }

  @Test
  void what_was_said_once_is_not_said_again() {
    String agent = nearlySpent();
    String issue = fixture.assigned("An ordinary one", agent);
    fixture.nextOutcome();
    fixture.restart();

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "issue_status_changed", issue));
    fixture.nextOutcome();

    assertThat(fixture.status(issue)).isEqualTo("in_review");
    assertThat(fixture.agentComments(issue)).hasSize(1);
    assertThat(worked).hasValue(1);
  }

  @Test
  void an_unscoped_run_asks_for_no_run_of_what_is_not_critical() {
    String agent = nearlySpent();
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(agent));
    fixture.assigned("An ordinary one", agent);
    HeartbeatFixture.await(fixture.embeddedBoard.resumeAgent(agent));

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));

    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    assertThat(fixture.requests("POST", ".*/wakeup")).isEmpty();
  }
}
