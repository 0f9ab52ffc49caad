package io.heartbeat4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is sent, in the shapes that the server takes. */
class RequestBodiesTest {

  private static final String ID = "0b7c5b1e-8f4e-4c58-9a53-3f0e6a0f4d21";

  private final ObjectMapper json = new ObjectMapper();

  private void sends(Object body, String expected) throws JsonProcessingException {
    JsonNode sent = json.readTree(json.writeValueAsString(body));
    assertThat(sent).isEqualTo(json.readTree(expected.replace('\'', '"')));
  }

  @Test
  void an_update_carries_status_and_comment_and_nothing_that_was_not_said() throws JsonProcessingException {
    sends(IssueUpdate.done("Done."), "{'status':'done','comment':'Done.'}");
    sends(IssueUpdate.inReview("Look."), "{'status':'in_review','comment':'Look.'}");
  }

  @Test
  void a_blocked_update_names_its_blockers_or_takes_all_of_them_off() throws JsonProcessingException {
    sends(IssueUpdate.blocked("Waits.").blockedBy(List.of(IssueId.of(ID))),
        "{'status':'blocked','comment':'Waits.','blockedByIssueIds':['" + ID + "']}");
    sends(IssueUpdate.blocked("Waits."), "{'status':'blocked','comment':'Waits.','blockedByIssueIds':[]}");
  }

  @Test
  void an_update_that_the_agent_unblocks_itself_names_it_as_the_owner() throws JsonProcessingException {
    sends(IssueUpdate.blocked("Waits.").unblockedBySelf(AgentId.of(ID), "Look again."), """
        {'status':'blocked','comment':'Waits.','blockedByIssueIds':[],
          'unblockDescriptor':{'owner':{'agentId':'%s'},'action':'Look again.'}}"""
        .formatted(ID));
  }

  @Test
  void a_monitor_is_merged_into_the_policy_that_there_is() throws JsonProcessingException {
    sends(IssueUpdate.inReview("Later.").monitoredAt(
        Instant.parse("2026-01-31T08:00:00Z"), "notes", Map.of("mode", "x", "monitor", Map.of("old", true))), """
        {'status':'in_review','comment':'Later.','executionPolicy':
          {'mode':'x','monitor':{'nextCheckAt':'2026-01-31T08:00:00Z','notes':'notes'}}}""");
  }

  @Test
  void a_hand_over_takes_the_agent_off_with_an_explicit_null() throws JsonProcessingException {
    IssueUpdate update = IssueUpdate.inReview("Yours.").assignedTo(new UserId("someone"));

    assertThat(update.isHandOff()).isTrue();
    sends(update, "{'status':'in_review','comment':'Yours.','assigneeAgentId':null,'assigneeUserId':'someone'}");
  }

  @Test
  void building_on_an_update_leaves_the_first_one_as_it_was() throws JsonProcessingException {
    IssueUpdate plain = IssueUpdate.blocked("Waits.");
    plain.blockedBy(List.of(IssueId.of(ID)));

    sends(plain, "{'status':'blocked','comment':'Waits.','blockedByIssueIds':[]}");
    assertThat(plain.isHandOff()).isFalse();
  }

  @Test
  void nothing_is_written_without_a_word() {
    assertThatThrownBy(() -> IssueUpdate.done(" ")).hasMessageContaining("never written without a comment");
    assertThatThrownBy(() -> new NewComment("\n", UUID.randomUUID())).hasMessageContaining("needs a body");
  }

  @Test
  void a_subtask_has_its_parent_and_leaves_out_what_it_does_not_have() throws JsonProcessingException {
    sends(new NewIssue("T", null, IssueId.of(ID), null, null, null, null, null, List.of(), "key", null),
        "{'title':'T','parentId':'" + ID + "','idempotencyKey':'key'}");
    sends(new NewIssue("T", "D", IssueId.of(ID), GoalId.of(ID), ProjectId.of(ID), AgentId.of(ID), IssueStatus.TODO,
        Priority.HIGH, List.of(IssueId.of(ID)), "key", null), """
        {'title':'T','description':'D','parentId':'%1$s','goalId':'%1$s','projectId':'%1$s','assigneeAgentId':'%1$s',
         'status':'todo','priority':'high','blockedByIssueIds':['%1$s'],'idempotencyKey':'key'}""".formatted(ID));
  }

  @Test
  void a_card_wakes_on_any_answer_unless_it_is_to_wake_on_a_yes_only() throws JsonProcessingException {
    NewInteraction card = NewInteraction.confirmation("key", null, "Go on?");

    sends(card, """
        {'kind':'request_confirmation','idempotencyKey':'key','continuationPolicy':'wake_assignee',
         'payload':{'version':1,'prompt':'Go on?'}}""");
    sends(card.wakingOnAcceptOnly(), """
        {'kind':'request_confirmation','idempotencyKey':'key','continuationPolicy':'wake_assignee_on_accept',
         'payload':{'version':1,'prompt':'Go on?'}}""");
  }

  @Test
  void a_checkout_and_a_self_wake_name_agent_and_issue() throws JsonProcessingException {
    sends(CheckoutRequest.by(AgentId.of(ID)), "{'agentId':'" + ID
        + "','expectedStatuses':['todo','backlog','blocked','in_review','in_progress']}");
    sends(SelfWakeRequest.now(IssueId.of(ID), "why"), "{'source':'on_demand','triggerDetail':'manual','reason':'why',"
        + "'forceFreshSession':false,'payload':{'issueId':'" + ID + "'}}");
  }
}
