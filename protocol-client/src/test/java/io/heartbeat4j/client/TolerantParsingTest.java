package io.heartbeat4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.RunContextSnapshot;
import io.heartbeat4j.protocol.WakePayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of servers that are older, newer or sparser than the recorded one. */
class TolerantParsingTest {

  private static final String ID = "0b7c5b1e-8f4e-4c58-9a53-3f0e6a0f4d21";

  private static <T> T read(Class<T> type, String json) throws JsonProcessingException {
    return ProtocolJson.mapper().readValue(json.replace('\'', '"').replace("ID", ID), type);
  }

  @Test
  void an_empty_wake_is_a_wake_of_which_nothing_is_known() throws JsonProcessingException {
    WakePayload wake = read(WakePayload.class, "{}");

    assertThat(wake.issue()).isNull();
    assertThat(wake.commentIds()).isEmpty();
    assertThat(wake.comments()).isEmpty();
    assertThat(wake.childIssueSummaries()).isEmpty();
  }

  @Test
  void lists_of_null_and_with_nulls_are_read_as_what_is_there() throws JsonProcessingException {
    WakePayload wake = read(WakePayload.class, "{'commentIds':null,'unresolvedBlockerIssueIds':[null,'ID']}");

    assertThat(wake.commentIds()).isEmpty();
    assertThat(wake.unresolvedBlockerIssueIds()).hasSize(1);
  }

  @Test
  void unknown_fields_and_reasons_travel_past() throws JsonProcessingException {
    WakePayload wake = read(WakePayload.class,
        "{'reason':'full_moon','tide':{'high':true},'issue':{'id':'ID','title':'T','phase':1}}");

    assertThat(wake.reason()).hasToString("full_moon");
    assertThat(wake.issue()).isNotNull();
  }

  @Test
  void a_comment_of_the_wake_has_its_author_wherever_the_server_put_it() throws JsonProcessingException {
    WakePayload wake = read(WakePayload.class,
        """
        {'comments':[{'id':'ID','body':'Hi','author':{'type':'agent','id':'ID'}},{'id':'ID','authorType':'user','body':null}]}""");

    assertThat(wake.comments().get(0).toComment().authorAgentId()).hasToString(ID);
    Comment byPerson = wake.comments().get(1).toComment();
    assertThat(byPerson.isByPerson()).isTrue();
    assertThat(byPerson.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'issueId':'ID'}", "{'taskId':'ID'}",
      "{'issueId':'ID','taskId':'0b7c5b1e-0000-4c58-9a53-3f0e6a0f4d21'}"})
  void a_run_is_scoped_by_either_name_and_the_issue_goes_first(String json) throws JsonProcessingException {
    assertThat(read(RunContextSnapshot.class, json).scopedIssue()).hasToString(ID);
  }

  @Test
  void a_run_without_an_issue_is_unscoped() throws JsonProcessingException {
    assertThat(read(RunContextSnapshot.class, "{'wakeReason':'heartbeat_timer'}").scopedIssue()).isNull();
  }

  @Test
  void a_sparse_agent_has_no_manager_no_budget_and_no_right_to_assign() throws JsonProcessingException {
    Agent agent = read(Agent.class, "{'id':'ID','companyId':'ID','name':'Wren','status':'meditating'}");

    assertThat(agent.manager()).isEmpty();
    assertThat(agent.isOverBudget()).isFalse();
    assertThat(agent.canAssignTasks()).isFalse();
    assertThat(agent.status().isStopped()).isFalse();
  }

  @Test
  void a_row_of_a_list_is_ready_unless_the_server_says_otherwise() throws JsonProcessingException {
    String row = "{'id':'ID','title':'T','status':'todo'%s}";

    assertThat(read(InboxItem.class, row.formatted("")).isReady()).isTrue();
    assertThat(read(InboxItem.class, row.formatted(",'dependencyReady':false")).isReady()).isFalse();
    assertThat(read(InboxItem.class, row.formatted(",'unresolvedBlockerIssueIds':['ID']")).isReady()).isFalse();
  }

  @Test
  void a_missing_title_is_empty_and_a_missing_list_too() throws JsonProcessingException {
    Issue issue = read(Issue.class, "{'id':'ID','status':'todo'}");

    assertThat(issue.title()).isEmpty();
    assertThat(issue.ancestors()).isEmpty();
    assertThat(issue.label()).isEqualTo(ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'status':'todo'}", "{'id':null,'status':'todo'}", "{'id':'ID'}",
      "{'id':'1-1-1-1-1','status':'todo'}"})
  void an_issue_without_an_id_or_a_status_is_not_guessed_at(String json) {
    assertThatThrownBy(() -> read(Issue.class, json)).isInstanceOf(JsonMappingException.class);
  }
}
