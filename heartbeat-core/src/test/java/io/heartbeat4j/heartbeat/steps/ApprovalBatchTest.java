package io.heartbeat4j.heartbeat.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.RunContextSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ApprovalBatchTest {

  private static final AgentId SELF = AgentId.of(id(900));
  private static final AgentId OTHER = AgentId.of(id(901));
  private static final ApprovalId APPROVAL = ApprovalId.of(id(902));

  private static String id(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }

  private static Issue issue(int number, AgentId assignee, String status) {
    return ProtocolJson.mapper().convertValue(Map.of(
        "id", id(number), "identifier", "T-" + number, "title", "T", "status", status,
        "assigneeAgentId", assignee.toString()), Issue.class);
  }

  private static List<Issue> issues(int from, int many, AgentId assignee) {
    return IntStream.range(from, from + many).mapToObj(number -> issue(number, assignee, "in_review")).toList();
  }

  private static ApprovalBatch.ApprovalWake wake(String reason, int issue) throws JsonProcessingException {
    return asked(reason, issue).orElseThrow();
  }

  private static Optional<ApprovalBatch.ApprovalWake> asked(String reason, int issue) throws JsonProcessingException {
    String approval = reason.equals("approval_approved") ? "\"approvalId\":\"" + APPROVAL + "\"," : "";
    return ApprovalBatch.ApprovalWake.of(WakeFacts.of(ProtocolJson.mapper().readValue(
        "{%s\"wakeReason\":\"%s\",\"issueId\":\"%s\"}".formatted(approval, reason, id(issue)),
        RunContextSnapshot.class)));
  }

  private static ApprovalBatch.ApprovalWake decided(int issue) throws JsonProcessingException {
    return wake("approval_approved", issue);
  }

  private static List<String> labels(List<Issue> issues) {
    return issues.stream().map(Issue::label).toList();
  }

  @Test
  void up_to_ten_own_issues_are_one_runs_share() throws JsonProcessingException {
    ApprovalBatch share = ApprovalBatch.of(issues(0, 10, SELF), SELF, decided(0));

    assertThat(share.own()).hasSize(10);
    assertThat(share.next()).isEmpty();
  }

  @Test
  void the_eleventh_is_where_the_next_run_goes_on() throws JsonProcessingException {
    ApprovalBatch share = ApprovalBatch.of(issues(0, 23, SELF), SELF, decided(0));

    assertThat(share.next().orElseThrow().label()).isEqualTo("T-10");
  }

  @Test
  void the_runs_own_issue_comes_first_since_it_may_not_be_left_in_progress() throws JsonProcessingException {
    ApprovalBatch share = ApprovalBatch.of(issues(0, 12, SELF), SELF, decided(11));

    assertThat(labels(share.own())).startsWith("T-11", "T-0", "T-1").hasSize(10);
  }

  @Property
  void every_own_issue_is_one_runs_share_whatever_the_order_and_whoever_gets_one_on_the_way(
      @ForAll @IntRange(min = 1, max = 45) int many, @ForAll @IntRange(min = 0, max = 44) int first,
      @ForAll Random random)
      throws JsonProcessingException {
    List<Issue> linked = new ArrayList<>(issues(0, many, SELF));
    List<String> followed = new ArrayList<>();
    ApprovalBatch.ApprovalWake asked = decided(first % many);
    for (Optional<Issue> next = Optional.of(linked.get(0)); next.isPresent();) {
      Collections.shuffle(linked, random);
      ApprovalBatch share = ApprovalBatch.of(linked, SELF, asked);
      followed.addAll(labels(share.own()));
      String given = share.own().get(0).label();
      linked.replaceAll(issue -> issue.label().equals(given)
          ? issue(Integer.parseInt(given.substring(2)), OTHER, "in_review")
          : issue);
      next = share.next();
      if (next.isPresent()) {
        asked = wake(asked.continuationReason(), Integer.parseInt(next.get().label().substring(2)));
      }
    }

    assertThat(followed).hasSize(many).doesNotHaveDuplicates();
  }

  @Test
  void closed_issues_are_nobodys_share() throws JsonProcessingException {
    ApprovalBatch share = ApprovalBatch.of(
        List.of(issue(0, SELF, "done"), issue(1, SELF, "cancelled"), issue(2, SELF, "in_review")), SELF, decided(2));

    assertThat(labels(share.own())).containsExactly("T-2");
  }

  @Test
  void others_are_told_with_the_writes_that_are_left_when_all_own_ones_are_taken() throws JsonProcessingException {
    List<Issue> linked = new ArrayList<>(issues(0, 8, SELF));
    linked.addAll(issues(100, 7, OTHER));

    ApprovalBatch share = ApprovalBatch.of(linked, SELF, decided(0));

    assertThat(labels(share.others())).containsExactly("T-100", "T-101", "T-102", "T-103");
    assertThat(share.uncommented()).isEqualTo(3);
  }

  @Test
  void others_wait_until_the_last_own_one_is_taken() throws JsonProcessingException {
    List<Issue> linked = new ArrayList<>(issues(100, 3, OTHER));
    linked.addAll(issues(0, 11, SELF));

    assertThat(ApprovalBatch.of(linked, SELF, decided(0)).others()).isEmpty();
    assertThat(ApprovalBatch.of(linked, SELF, wake(decided(0).continuationReason(), 10)).others()).hasSize(3);
  }

  @Test
  void the_reason_of_the_next_run_names_the_approval() throws JsonProcessingException {
    String reason = decided(7).continuationReason();

    assertThat(asked(reason, 1)).hasValueSatisfying(asked -> {
      assertThat(asked.approval()).isEqualTo(APPROVAL);
      assertThat(asked.continuationReason()).as("and the one after it").isEqualTo(reason);
    });
    assertThat(asked("heartbeat4j_approval:nonsense", 1)).isEmpty();
    assertThat(asked("issue_assigned", 1)).isEmpty();
  }
}
