package io.heartbeat4j.heartbeat.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.IssuePatch;
import io.heartbeat4j.protocol.IssueUpdate;
import org.junit.jupiter.api.Test;

class ReviewRoleTest {

  private static final AgentId SELF = AgentId.of("11111111-2222-4333-8444-555555555555");
  private static final AgentId OTHER = AgentId.of("11111111-2222-4333-8444-666666666666");
  private static final String POLICY = "{\"stages\": [{\"id\": \"one\"}, {\"id\": \"two\"}]}";

  @Test
  void an_issue_without_stages_or_with_all_behind_it_is_nobody_elses_business() throws JsonProcessingException {
    assertThat(ReviewRole.of(issue("{}", "null"), SELF)).isEqualTo(ReviewRole.NO_STAGES);
    assertThat(ReviewRole.of(issue(POLICY, "{\"status\": \"completed\"}"), SELF)).isEqualTo(ReviewRole.NO_STAGES);
  }

  @Test
  void who_works_is_the_executor_also_after_a_no() throws JsonProcessingException {
    assertThat(ReviewRole.of(issue(POLICY, "null"), SELF)).isEqualTo(ReviewRole.EXECUTOR);
    assertThat(ReviewRole.of(issue(POLICY, state("changes_requested", OTHER, "one")), SELF))
        .isEqualTo(ReviewRole.EXECUTOR);
  }

  @Test
  void while_a_verdict_is_pending_only_the_current_participant_is_the_reviewer() throws JsonProcessingException {
    assertThat(ReviewRole.of(issue(POLICY, state("pending", SELF, "one")), SELF)).isEqualTo(ReviewRole.REVIEWER);
    assertThat(ReviewRole.of(issue(POLICY, state("pending", OTHER, "one")), SELF)).isEqualTo(ReviewRole.OUTSIDER);
  }

  @Test
  void an_outsider_leaves_the_issue_to_the_one_who_is_asked_whatever_was_meant() throws JsonProcessingException {
    Issue issue = issue(POLICY, state("pending", OTHER, "one"));
    IssuePatch meant = ReviewRole.OUTSIDER.translate(IssueUpdate.done("Built."));

    assertThat(meant.status()).isEqualTo(IssueStatus.IN_REVIEW);
    assertThat(ReviewRole.OUTSIDER.handOff(issue, meant)).isPresent();
  }

  @Test
  void an_approval_ends_the_run_unless_the_stage_is_the_last() throws JsonProcessingException {
    IssueUpdate approval = IssueUpdate.done("Good.");

    assertThat(ReviewRole.REVIEWER.handOff(issue(POLICY, state("pending", SELF, "one")), approval)).isPresent();
    assertThat(ReviewRole.REVIEWER.handOff(issue(POLICY, state("pending", SELF, "two")), approval)).isEmpty();
  }

  @Test
  void a_reviewer_never_says_blocked() {
    IssuePatch meant = ReviewRole.REVIEWER
        .translate(IssueUpdate.blocked("No tool.").unblockedBySelf(SELF, "Look again."));

    assertThat(meant.status()).isEqualTo(IssueStatus.IN_REVIEW);
    assertThat(meant.fields()).doesNotContainKey("unblockDescriptor");
  }

  private static String state(String status, AgentId participant, String stage) {
    return "{\"status\": \"" + status + "\", \"currentStageId\": \"" + stage
        + "\", \"currentParticipant\": {\"type\": \"agent\", \"agentId\": \"" + participant + "\"}}";
  }

  private static Issue issue(String policy, String state) throws JsonProcessingException {
    return ProtocolJson.mapper().readValue("{\"id\": \"" + SELF + "\", \"title\": \"T\", \"status\": \"in_progress\","
        + " \"executionPolicy\": " + policy + ", \"executionState\": " + state + "}", Issue.class);
  }
}
