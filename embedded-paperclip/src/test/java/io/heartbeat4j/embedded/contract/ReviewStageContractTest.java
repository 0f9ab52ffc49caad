package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Issues whose policy has stages: who is asked for a verdict, and what a status means while one is. */
@ExtendWith(ContractServerExtension.class)
final class ReviewStageContractTest {

  @Test
  void done_asks_the_reviewer_and_ends_the_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestAgent rhea = testCompany.createAgent("Rhea");
    LiveRun run = staged(testCompany, wren, Map.of("review", rhea));

    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);

    run.awaitOver();
    assertThat(run.read().path("errorCode").asText()).isEqualTo("issue_reassigned");
    LiveRun review = rhea.awaitRun();
    assertThat(review.wakeReason()).isEqualTo("execution_review_requested");
    JsonNode stage = review.context().at("/paperclipWake/executionStage");
    assertThat(stage.path("wakeRole").asText()).isEqualTo("reviewer");
    assertThat(stage.path("stageType").asText()).isEqualTo("review");
    assertThat(stage.at("/currentParticipant/agentId").asText()).isEqualTo(rhea.id);
    assertThat(texts(stage.path("allowedActions"))).containsExactly("approve", "request_changes");
    JsonNode issue = testCompany.read(run.issueId());
    assertThat(issue.path("status").asText()).isEqualTo("in_review");
    assertThat(issue.path("checkoutRunId").isNull()).isTrue();
    assertThat(issue.at("/executionState/status").asText()).isEqualTo("pending");
    assertThat(issue.at("/executionState/returnAssignee/agentId").asText()).isEqualTo(wren.id);
  }

  @Test
  void the_reviewer_checks_out_and_approves_with_a_comment(TestCompany testCompany) {
    LiveRun review = underReview(testCompany, testCompany.createAgent("Wren"), testCompany.createAgent("Rhea"));

    JsonNode taken = review.checkout(review.issueId(), "in_review").expectStatus(200);
    assertThat(taken.path("status").asText()).isEqualTo("in_progress");
    assertThat(taken.at("/executionState/currentParticipant/agentId").asText()).isEqualTo(review.agent().id);
    review.patch(review.issueId(), Map.of("status", "done")).expectStatus(422);
    JsonNode done = review.patch(review.issueId(), Map.of("status", "done", "comment", "good")).expectStatus(200);

    assertThat(done.path("status").asText()).isEqualTo("done");
    assertThat(done.at("/executionState/status").asText()).isEqualTo("completed");
    assertThat(review.status()).isEqualTo("running");
  }

  @Test
  void changes_go_back_to_the_executor_and_end_the_reviewers_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun review = underReview(testCompany, wren, testCompany.createAgent("Rhea"));
    review.checkout(review.issueId(), "in_review").expectStatus(200);

    review.patch(review.issueId(), Map.of("status", "in_progress", "comment", "add a test")).expectStatus(200);

    review.awaitOver();
    assertThat(review.read().path("errorCode").asText()).isEqualTo("issue_reassigned");
    LiveRun again = wren.awaitRun();
    assertThat(again.wakeReason()).isEqualTo("execution_changes_requested");
    assertThat(again.context().at("/executionStage/wakeRole").asText()).isEqualTo("executor");
    assertThat(testCompany.read(again.issueId()).path("status").asText()).isEqualTo("in_progress");
    again.checkout(again.issueId(), "in_progress").expectStatus(200);
    again.patch(again.issueId(), Map.of("status", "done", "comment", "tested")).expectStatus(200);
    assertThat(review.agent().awaitRun().wakeReason()).isEqualTo("execution_review_requested");
  }

  @Test
  void any_other_status_of_the_reviewer_is_a_no_too(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun review = underReview(testCompany, wren, testCompany.createAgent("Rhea"));
    review.checkout(review.issueId(), "in_review").expectStatus(200);

    review.patch(review.issueId(), Map.of("status", "blocked", "comment", "no access")).expectStatus(200);

    assertThat(wren.awaitRun().wakeReason()).isEqualTo("execution_changes_requested");
    assertThat(testCompany.status(review.issueId())).isEqualTo("in_progress");
  }

  @Test
  void a_reviewer_who_can_not_decide_yet_keeps_it_in_review(TestCompany testCompany) {
    LiveRun review = underReview(testCompany, testCompany.createAgent("Wren"), testCompany.createAgent("Rhea"));
    review.checkout(review.issueId(), "in_review").expectStatus(200);

    JsonNode kept = review.patch(review.issueId(), Map.of("status", "in_review", "comment", "later")).expectStatus(200);

    assertThat(kept.path("status").asText()).isEqualTo("in_review");
    assertThat(kept.path("assigneeAgentId").asText()).isEqualTo(review.agent().id);
    assertThat(kept.at("/executionState/status").asText()).isEqualTo("pending");
    assertThat(review.status()).isEqualTo("running");
  }

  @Test
  void the_next_stage_follows_an_approval(TestCompany testCompany) {
    TestAgent rhea = testCompany.createAgent("Rhea");
    TestAgent ada = testCompany.createAgent("Ada");
    LiveRun run = staged(testCompany, testCompany.createAgent("Wren"), Map.of("review", rhea, "approval", ada));
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);
    LiveRun review = rhea.awaitRun();
    review.checkout(review.issueId(), "in_review").expectStatus(200);

    review.patch(review.issueId(), Map.of("status", "done", "comment", "good")).expectStatus(200);

    review.awaitOver();
    LiveRun approval = ada.awaitRun();
    assertThat(approval.wakeReason()).isEqualTo("execution_approval_requested");
    assertThat(approval.context().at("/executionStage/wakeRole").asText()).isEqualTo("approver");
    approval.checkout(approval.issueId(), "in_review").expectStatus(200);
    approval.patch(approval.issueId(), Map.of("status", "done", "comment", "granted")).expectStatus(200);
    assertThat(testCompany.status(approval.issueId())).isEqualTo("done");
  }

  @Test
  void in_review_asks_the_reviewer_too_whatever_other_path_there_is(TestCompany testCompany) {
    TestAgent rhea = testCompany.createAgent("Rhea");
    LiveRun run = staged(testCompany, testCompany.createAgent("Wren"), Map.of("review", rhea));

    run.patch(run.issueId(), Map.of("status", "in_review", "comment", "later", "executionPolicy",
        Map.of("stages", testCompany.read(run.issueId()).at("/executionPolicy/stages"),
            "monitor", Map.of("nextCheckAt", "2099-01-01T00:00:00.000Z", "notes", "n"))))
        .expectStatus(200);

    assertThat(rhea.awaitRun().wakeReason()).isEqualTo("execution_review_requested");
  }

  @Test
  void work_in_progress_may_wait_for_its_monitor(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Wait");

    run.patch(run.issueId(), Map.of("status", "in_progress", "comment", "later", "executionPolicy",
        Map.of("monitor", Map.of("nextCheckAt", "2099-01-01T00:00:00.000Z", "notes", "n")))).expectStatus(200);
    run.endProcess();

    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("issue_assigned", "");
    assertThat(testCompany.status(run.issueId())).isEqualTo("in_progress");
  }

  private static LiveRun underReview(TestCompany testCompany, TestAgent executor, TestAgent reviewer) {
    LiveRun run = staged(testCompany, executor, Map.of("review", reviewer));
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);
    return reviewer.awaitRun();
  }

  /** A run of the executor on an issue with these stages, the review first. */
  private static LiveRun staged(TestCompany testCompany, TestAgent executor, Map<String, TestAgent> asked) {
    List<Map<String, ?>> stages = new ArrayList<>();
    for (String type : List.of("review", "approval")) {
      if (asked.containsKey(type)) {
        stages
            .add(Map.of("type", type, "participants", List.of(Map.of("type", "agent", "agentId", asked.get(type).id))));
      }
    }
    testCompany.createIssueId("Build it", Map.of(
        "assigneeAgentId", executor.id, "status", "todo", "executionPolicy", Map.of("stages", stages)));
    return executor.awaitRun();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
