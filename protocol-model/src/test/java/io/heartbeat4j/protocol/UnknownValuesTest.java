package io.heartbeat4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses, priorities and reasons of a server that knows more of them than this version does. */
class UnknownValuesTest {

  private final ObjectMapper json = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(classes = {IssueStatus.class, Priority.class, WakeReason.class, AgentStatus.class, ApprovalStatus.class,
      InteractionStatus.class, RunStatus.class})
  void an_unknown_value_is_kept_and_written_as_it_came(Class<?> type) throws JsonProcessingException {
    Object value = json.readValue("\"brand_new\"", type);

    assertThat(value).hasToString("brand_new");
    assertThat(json.writeValueAsString(value)).isEqualTo("\"brand_new\"");
  }

  @Test
  void known_values_are_equal_however_they_came() throws JsonProcessingException {
    assertThat(json.readValue("\"in_review\"", IssueStatus.class)).isEqualTo(IssueStatus.IN_REVIEW);
    assertThat(json.readValue("\"issue_commented\"", WakeReason.class)).isEqualTo(WakeReason.COMMENTED);
  }

  @Test
  void only_done_and_cancelled_issues_are_closed() {
    assertThat(Stream.of("backlog", "todo", "in_progress", "in_review", "blocked", "done", "cancelled", "brand_new")
        .map(IssueStatus::new).filter(IssueStatus::isClosed)).containsExactly(IssueStatus.DONE, IssueStatus.CANCELLED);
  }

  @Test
  void a_run_is_over_when_the_server_has_ended_it_in_whatever_way() {
    assertThat(Stream
        .of("queued", "scheduled_retry", "running", "succeeded", "failed", "cancelled", "timed_out", "interrupted",
            "brand_new")
        .map(RunStatus::new).filter(RunStatus::isOver).map(RunStatus::wire))
        .containsExactly("succeeded", "failed", "cancelled", "timed_out", "interrupted");
  }

  @Test
  void an_unknown_priority_comes_after_the_known_ones() {
    assertThat(Stream.of("low", "brand_new", "critical", "medium", "high").map(Priority::new)
        .sorted((a, b) -> Integer.compare(a.rank(), b.rank())).map(Priority::wire))
        .containsExactly("critical", "high", "medium", "low", "brand_new");
  }

  @Test
  void a_checkout_never_expects_a_closed_issue_since_that_would_reopen_it() {
    assertThat(CheckoutRequest.WORKABLE_STATUSES).noneMatch(IssueStatus::isClosed)
        .containsAll(List.of(IssueStatus.IN_REVIEW, IssueStatus.IN_PROGRESS));
  }
}
