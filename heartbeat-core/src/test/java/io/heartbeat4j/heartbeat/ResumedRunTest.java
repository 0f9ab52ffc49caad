package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.WorkResult;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A host dies after it has written the disposition of a run's issue, and before it has stored the run's end: another one
 * goes on with the run. Here the second heartbeat of each run is that one's.
 */
class ResumedRunTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture(HeartbeatFixture.withoutReminders());
  private final AtomicInteger worked = new AtomicInteger();
  private final String agent = fixture.agent("Wren", context -> worked.incrementAndGet() == 1
      ? new WorkResult.NeedsReview("May I?", new ReviewPath.BoardApproval("Spend it?", "All of it.",
          ReviewPath.WhenApproved.CONTINUE))
      : new WorkResult.NeedsReview("Bought.", new ReviewPath.Card(new Question.Confirmation("Is it right?"))));

  @BeforeEach
  void beatTwice() {
    fixture.server.setWakeHandler(agent, wake -> fixture.beat(agent, wake.environment())
        .compose(settled -> fixture.beat(agent, wake.environment())).map(resumed -> 0));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void the_issue_that_the_wake_names_is_not_worked_again() {
    String issue = fixture.assigned("Buy", agent);
    fixture.awaitEndedRuns(agent, 1);

    assertThat(worked).hasValue(1);
    assertThat(fixture.agentComments(issue)).containsExactly("May I?");
  }

  @Test
  void the_issue_of_a_decided_approval_is_not_worked_again() {
    String issue = fixture.assigned("Buy", agent);
    fixture.awaitEndedRuns(agent, 1);
    String approval = HeartbeatFixture.id(
        HeartbeatFixture.await(fixture.embeddedBoard.approvals(fixture.company)).get(0));

    HeartbeatFixture.await(fixture.embeddedBoard.decideApproval(approval, "approve", "Yes"));
    fixture.awaitEndedRuns(agent, 2);

    assertThat(worked).hasValue(2);
    assertThat(fixture.agentComments(issue)).containsExactly("May I?", "Bought.");
  }
}
