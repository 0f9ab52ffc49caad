package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkResult;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private void giveBudget(String agent, int cents) {
    HeartbeatFixture.await(fixture.embeddedBoard.request("PATCH", "/api/agents/" + agent,
        JsonNodeFactory.instance.objectNode().put("budgetMonthlyCents", cents)));
  }

  /** An agent that has spent 85 of its 80 cents, and that the server has not paused. */
  private String overBudget() {
    String agent = nearlySpent();
    giveBudget(agent, 80);
    return agent;
  }

  @Test
  void what_the_server_has_checked_out_for_an_agent_over_its_budget_is_blocked_and_says_who_can_raise_it() {
    String agent = overBudget();

    String issue = fixture.assigned("Too late", agent);

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).singleElement().asString()
        .contains("85 of 80 cents").contains("budget").contains("board");
    assertThat(fixture.cards(issue)).hasSize(1);
    assertThat(worked).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"finish_successful_run_handoff", "missing_issue_comment", "issue_disposition_repair",
      "issue_status_changed"})
  void it_is_said_once_however_often_the_server_asks(String reason) {
    String agent = overBudget();
    String issue = fixture.assigned("Too late", agent);
    fixture.nextOutcome();

    for (int wakes = 0; wakes < 2; wakes++) {
      HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, reason, issue));
      assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    }

    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue)).hasSize(1);
    assertThat(fixture.cards(issue)).hasSize(1);
    assertThat(worked).hasValue(1);
  }

  @Test
  void who_accepts_the_card_without_raising_the_budget_is_told_so() {
    String agent = overBudget();
    String issue = fixture.assigned("Too late", agent);
    fixture.nextOutcome();

    HeartbeatFixture.await(
        fixture.embeddedBoard.acceptInteraction(issue, HeartbeatFixture.id(fixture.cards(issue).get(0))));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(fixture.agentComments(issue)).hasSize(2);
    assertThat(worked).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"issue_assigned", "finish_successful_run_handoff"})
  void the_next_wake_works_it_when_there_is_budget_again(String reason) {
    String agent = overBudget();
    String issue = fixture.assigned("Too late", agent);
    fixture.nextOutcome();
    giveBudget(agent, 1000);

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, reason, issue));

    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(worked).hasValue(2);
  }

  @Test
  void with_a_little_more_budget_it_rests_until_another_day() {
    String agent = overBudget();
    String issue = fixture.assigned("Too late", agent);
    fixture.nextOutcome();
    giveBudget(agent, 100);

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, "issue_assigned", issue));

    assertThat(fixture.nextOutcome().summary()).endsWith("is in_review");
    assertThat(worked).hasValue(1);
  }

  @Test
  void a_wake_without_an_issue_finds_it_when_there_is_budget_again() {
    String agent = overBudget();
    fixture.assigned("Too late", agent);
    fixture.nextOutcome();
    giveBudget(agent, 1000);

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));

    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.RunRequested.class);
    assertThat(fixture.nextOutcome().summary()).endsWith("is done");
    assertThat(worked).hasValue(2);
  }

  @Test
  void an_agent_over_its_budget_leaves_alone_what_its_run_does_not_hold() {
    String agent = overBudget();
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(agent));
    String issue = fixture.assigned("Not yet", agent);
    HeartbeatFixture.await(fixture.embeddedBoard.resumeAgent(agent));

    HeartbeatFixture.await(fixture.embeddedBoard.invokeHeartbeat(agent));

    assertThat(fixture.nextOutcome()).isInstanceOf(HeartbeatOutcome.Idle.class);
    assertThat(fixture.status(issue)).isEqualTo("todo");
    assertThat(fixture.agentComments(issue)).isEmpty();
    assertThat(fixture.requests("POST", "/api/issues/" + issue + "/checkout")).isEmpty();
  }
}
