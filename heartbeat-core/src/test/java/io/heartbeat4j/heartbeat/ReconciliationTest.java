package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.heartbeat4j.embedded.rules.ServerBehaviorOptions;
import io.heartbeat4j.worker.WorkResult;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After a kill the server starts no run for an issue until the board has resolved its notice. */
class ReconciliationTest {

  private static final Duration NEVER = Duration.ofHours(1);

  private final HeartbeatFixture fixture = new HeartbeatFixture(EmbeddedOptions.defaults().behavior(
      ServerBehaviorOptions.defaults().missingCommentDelay(NEVER).handoffDelay(NEVER)
          .reconciliationDelay(Duration.ofMillis(1))));
  private final String agent = fixture.agent("Wren",
      context -> new WorkResult.Done("Result of " + context.issue().title() + "."));

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void an_issue_that_is_lent_to_another_agent_before_the_board_has_looked_is_settled_when_it_is_back() {
    String other = fixture.agent("Pia", context -> new WorkResult.Done("Pia has done it."));
    String issue = leftInProgress();

    reassign(issue, other);
    fixture.assigned("Third", agent);
    fixture.nextOutcome();

    assertThat(fixture.logFiles()).hasSize(1);
    assertThat(fixture.status(issue)).isEqualTo("in_progress");

    reassign(issue, agent);
    fixture.assigned("Fourth", agent);
    fixture.nextOutcome();

    assertThat(fixture.status(issue)).isEqualTo("done");
    assertThat(fixture.agentComments(issue)).containsExactly("Result of First.");
    assertThat(fixture.logFiles()).isEmpty();
  }

  /** The process is killed before it can tell its result; a later run checks the issue out, and can't tell it either. */
  private String leftInProgress() {
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", "/api/issues/[^/]+").byAgent(agent).times(2)
        .dropRequest());
    String issue = fixture.assigned("First", agent);
    fixture.next();
    fixture.awaitStatus(issue, "blocked");
    fixture.server.faults().addRule(FaultRuleBuilder.on("PATCH", "/api/issues/" + issue).byAgent(agent).times(2)
        .dropRequest());
    fixture.assigned("Second", agent);
    fixture.nextOutcome();
    fixture.server.faults().clear();
    assertThat(fixture.status(issue)).isEqualTo("in_progress");
    return issue;
  }

  private void reassign(String issue, String to) {
    HeartbeatFixture.await(fixture.embeddedBoard.updateIssue(issue, Map.of("assigneeAgentId", to)));
  }
}
