package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody else's work that waits for the model's verdict. */
class ReviewTest {

  @ParameterizedTest
  @EnumSource
  void changes_are_asked_for_and_the_issue_goes_back(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("read", Map.of("path", "a")), ScriptedTurn.finishing("request_changes", "Add a test."))) {
      llmFixture.writeFile("a", "no test");
      TestIssue reviewed = llmFixture.company().requestReview("Build it", "with a test");

      assertThat(reviewed.status()).as(reviewed.toString()).isEqualTo(IssueStatus.IN_PROGRESS);
      assertThat(reviewed.issue().isAssignedTo(llmFixture.company().self())).isFalse();
      assertThat(reviewed.comments()).containsExactly("Add a test.");
      assertThat(llmFixture.requests()).hasSize(2);
      assertThat(llmFixture.requests().get(0).path("messages").toString())
          .contains("you are asked for your verdict").contains("waits for your verdict")
          .doesNotContain("The issue is yours");
      assertThat(llmFixture.requests().get(0).path("tools").toString()).contains("request_changes");
    }
  }

  @ParameterizedTest
  @EnumSource
  void done_approves(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, ScriptedTurn.calling("list", Map.of()),
        ScriptedTurn.finishing("done", "As it should be."))) {
      TestIssue reviewed = llmFixture.company().requestReview("Build it", "well");

      assertThat(reviewed).isDone();
      assertThat(reviewed.comments()).containsExactly("As it should be.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_model_can_give_back_no_work_of_its_own(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.finishing("request_changes", "Do it better."),
        ScriptedTurn.finishing("blocked", "I can't do it."))) {
      TestIssue worked = llmFixture.work("Build it", "well");

      assertThat(worked).isBlocked();
      assertThat(worked.comments()).containsExactly("I can't do it.");
      assertThat(llmFixture.requests().get(0).path("tools").toString()).contains("needs_review")
          .doesNotContain("request_changes");
      assertThat(llmFixture.requests().get(1).path("messages").toString()).contains("request_changes is for a review");
    }
  }
}
