package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.Unblock;
import io.heartbeat4j.worker.WorkResult;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server asks for a status that an earlier run left out: it gets one, and nothing is worked. */
class CorrectiveWakeTest {

  private final Scene scene = new Scene();
  private final AtomicInteger worked = new AtomicInteger();
  private final String agent = scene.agent("Wren", context -> {
    worked.incrementAndGet();
    return new WorkResult.Blocked("Which?", new Unblock.ByQuestion(new Question.Confirmation("The left?")));
  });

  @AfterEach
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "finish_successful_run_handoff", "missing_issue_comment", "issue_disposition_repair", "issue_review_path_lost"
  })
  void an_issue_that_was_left_with_a_path_goes_back_to_it_without_a_word(String reason) {
    String issue = scene.assigned("Choose", agent);
    scene.nextOutcome();

    Scene.await(scene.board.wakeup(agent, reason, issue));

    assertThat(scene.nextOutcome().summary()).endsWith("is blocked");
    assertThat(worked).hasValue(1);
    assertThat(scene.agentComments(issue)).hasSize(1);
    assertThat(scene.cards(issue)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"finish_successful_run_handoff", "missing_issue_comment", "issue_disposition_repair"})
  void an_issue_of_which_nothing_is_known_is_blocked_and_somebody_is_asked(String reason) {
    Scene.await(scene.board.pause(agent));
    String issue = scene.assigned("Unknown", agent);
    Scene.await(scene.board.resume(agent));

    Scene.await(scene.board.wakeup(agent, reason, issue));

    assertThat(scene.nextOutcome().summary()).endsWith("is blocked");
    assertThat(worked).hasValue(0);
    assertThat(scene.agentComments(issue)).hasSize(1);
    assertThat(scene.cards(issue)).hasSize(1);
  }
}
