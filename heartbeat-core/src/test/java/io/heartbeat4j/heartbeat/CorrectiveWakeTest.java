package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server asks for a status that an earlier run left out: it gets one, and nothing is worked. */
class CorrectiveWakeTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture();
  private final AtomicInteger worked = new AtomicInteger();
  private final String agent = fixture.agent("Wren", context -> {
    worked.incrementAndGet();
    return new WorkResult.Blocked("Which?", new UnblockCondition.ByQuestion(new Question.Confirmation("The left?")));
  });

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "finish_successful_run_handoff", "missing_issue_comment", "issue_disposition_repair", "issue_review_path_lost"
  })
  void an_issue_that_was_left_with_a_path_goes_back_to_it_without_a_word(String reason) {
    String issue = fixture.assigned("Choose", agent);
    fixture.nextOutcome();

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, reason, issue));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(worked).hasValue(1);
    assertThat(fixture.agentComments(issue)).hasSize(1);
    assertThat(fixture.cards(issue)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"finish_successful_run_handoff", "missing_issue_comment", "issue_disposition_repair"})
  void an_issue_of_which_nothing_is_known_is_blocked_and_somebody_is_asked(String reason) {
    HeartbeatFixture.await(fixture.embeddedBoard.pauseAgent(agent));
    String issue = fixture.assigned("Unknown", agent);
    HeartbeatFixture.await(fixture.embeddedBoard.resumeAgent(agent));

    HeartbeatFixture.await(fixture.embeddedBoard.wakeAgent(agent, reason, issue));

    assertThat(fixture.nextOutcome().summary()).endsWith("is blocked");
    assertThat(worked).hasValue(0);
    assertThat(fixture.agentComments(issue)).hasSize(1);
    assertThat(fixture.cards(issue)).hasSize(1);
  }
}
