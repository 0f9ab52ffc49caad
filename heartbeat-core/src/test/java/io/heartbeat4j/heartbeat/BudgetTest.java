package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkResult;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From four fifths of the month's budget on, only critical issues are worked. */
class BudgetTest {

  private final Scene scene = new Scene();
  private final AtomicInteger worked = new AtomicInteger();

  @AfterEach
  void close() {
    scene.close();
  }

  /** An agent that has spent 85 of its 100 cents. */
  private String nearlySpent() {
    String agent = Scene.id(Scene.await(scene.board.agent(scene.company, "Wren", Map.of("budgetMonthlyCents", 100))));
    scene.beats(agent, context -> {
      if (worked.incrementAndGet() == 1) {
        context.used(new Usage("anthropic", "claude", 1, 0, 1, new BigDecimal("0.85")));
      }
      return new WorkResult.Done("Done.");
    });
    scene.assigned("The expensive one", agent);
    assertThat(scene.nextOutcome().summary()).endsWith("is done");
    worked.set(1);
    return agent;
  }

  @Test
  void what_is_not_critical_rests_until_another_day_and_says_so() {
    String agent = nearlySpent();

    String issue = scene.assigned("An ordinary one", agent);

    assertThat(scene.nextOutcome().summary()).endsWith("is in_review");
    assertThat(scene.agentComments(issue)).singleElement().asString().contains("85 of 100").contains("critical");
    assertThat(scene.read(issue).path("monitorNextCheckAt").isTextual()).isTrue();
    assertThat(worked).hasValue(1);
  }

  @Test
  void a_critical_issue_is_worked() {
    String agent = nearlySpent();

    String issue = scene.issue("Fire", Map.of("status", "todo", "assigneeAgentId", agent, "priority", "critical"));

    assertThat(scene.nextOutcome().summary()).endsWith("is done");
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(worked).hasValue(2);
  }

  @Test
  void what_was_said_once_is_not_said_again() {
    String agent = nearlySpent();
    String issue = scene.assigned("An ordinary one", agent);
    scene.nextOutcome();
    scene.restart();

    Scene.await(scene.board.wakeup(agent, "issue_status_changed", issue));
    scene.nextOutcome();

    assertThat(scene.status(issue)).isEqualTo("in_review");
    assertThat(scene.agentComments(issue)).hasSize(1);
    assertThat(worked).hasValue(1);
  }

  @Test
  void an_unscoped_run_asks_for_no_run_of_what_is_not_critical() {
    String agent = nearlySpent();
    Scene.await(scene.board.pause(agent));
    scene.assigned("An ordinary one", agent);
    Scene.await(scene.board.resume(agent));

    Scene.await(scene.board.invoke(agent));

    assertThat(scene.nextOutcome()).isInstanceOf(Outcome.Idle.class);
    assertThat(scene.requests("POST", ".*/wakeup")).isEmpty();
  }
}
