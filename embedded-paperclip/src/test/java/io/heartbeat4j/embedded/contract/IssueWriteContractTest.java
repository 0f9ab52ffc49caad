package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class IssueWriteContractTest {

  @Test
  void done_with_a_comment_is_one_request_that_echoes_both(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode issue = run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);

    assertThat(issue.path("status").asText()).isEqualTo("done");
    assertThat(issue.at("/changes/status/from").asText()).isEqualTo("in_progress");
    assertThat(issue.at("/changes/status/to").asText()).isEqualTo("done");
    assertThat(issue.at("/changes/checkoutRunId/from").asText()).isEqualTo(run.id());
    assertThat(issue.at("/comment/body").asText()).isEqualTo("built");
    assertThat(issue.at("/comment/createdByRunId").asText()).isEqualTo(run.id());
    assertThat(issue.at("/comment/authorAgentId").asText()).isEqualTo(run.agent().id);
    assertThat(issue.path("checkoutRunId").isNull()).isTrue();
    assertThat(issue.path("completedAt").isTextual()).isTrue();
  }

  @Test
  void a_minimal_answer_shows_only_what_changed(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    TestResponse testResponse = run.client().withHeader("Prefer", "return=minimal").patch(run.issuePath(),
        Map.of("comment", "progress"));

    JsonNode body = testResponse.expectStatus(200);
    assertThat(testResponse.header("preference-applied")).contains("return=minimal");
    assertThat(body.properties()).extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("id", "identifier", "updatedAt", "changes", "comment");
    assertThat(body.path("changes")).isEmpty();
    assertThat(body.at("/comment/body").asText()).isEqualTo("progress");
  }

  @Test
  void nothing_or_something_unknown_is_no_error(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    assertThat(run.patch(run.issueId(), Map.of()).expectStatus(200).path("changes")).isEmpty();
    assertThat(run.patch(run.issueId(), Map.of("nosuchfield", 1)).expectStatus(200).path("changes")).isEmpty();
    assertThat(run.patch(run.issueId(), Map.of("status", "bogus")).expectError(400)).isEqualTo("Validation error");
  }

  @Test
  void a_peers_issue_in_progress_is_locked(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun owner = wren.awaitRunFor("Build it");
    LiveRun other = testCompany.createAgent("Pia").awaitRunFor("Test it");

    TestResponse testResponse = other.patch(owner.issueId(), Map.of("priority", "low"));

    testResponse.expectStatus(409);
    assertThat(testResponse.body().has("code")).isFalse();
    assertThat(testResponse.text("/details/code")).isEqualTo("issue_write_assignee_run_lock");
    assertThat(testResponse.text("/details/assigneeAgentId")).isEqualTo(wren.id);
    assertThat(testResponse.text("/details/actorAgentId")).isEqualTo(other.agent().id);
  }

  @Test
  void a_peers_idle_issue_can_be_written_even_cancelled(TestCompany testCompany) {
    String theirs = testCompany.createBacklog("Later", testCompany.createAgent("Wren"));
    LiveRun other = testCompany.createAgent("Pia").awaitRunFor("Test it");

    other.patch(theirs, Map.of("priority", "low")).expectStatus(200);
    JsonNode cancelled = other.patch(theirs, Map.of("status", "cancelled", "comment", "not needed")).expectStatus(200);

    assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void review_needs_somebody_who_acts_next(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    TestResponse testResponse = run.patch(run.issueId(), Map.of("status", "in_review", "comment", "please review"));

    testResponse.expectStatus(422);
    assertThat(testResponse.text("/code")).isEqualTo("invalid_issue_disposition");
    assertThat(testResponse.text("/details/missing")).isEqualTo("review_path");
    assertThat(testResponse.body().at("/details/validReviewPaths")).hasSize(5);
    assertThat(testCompany.status(run.issueId())).isEqualTo("in_progress");
    assertThat(testCompany.board.get(run.issuePath() + "/comments").body()).isEmpty();
  }

  @Test
  void review_by_a_pending_card_is_fine(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    run.client()
        .post(
            run.issuePath() + "/interactions",
            Map.of("kind", "request_confirmation", "payload", Map.of("version", 1, "prompt", "Ship it?")))
        .expectStatus(201);

    JsonNode issue = run.patch(run.issueId(), Map.of("status", "in_review", "comment", "waiting")).expectStatus(200);

    assertThat(issue.path("status").asText()).isEqualTo("in_review");
    assertThat(issue.path("checkoutRunId").isNull()).isTrue();
  }

  @Test
  void review_by_a_person_ends_the_run(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    Map<String, Object> yours = new HashMap<>(Map.of("status", "in_review", "assigneeUserId", "local-board"));
    yours.put("assigneeAgentId", null);
    yours.put("comment", "yours");
    JsonNode issue = run.patch(run.issueId(), yours).expectStatus(200);

    assertThat(issue.path("assigneeUserId").asText()).isEqualTo("local-board");
    assertThat(issue.path("assigneeAgentId").isNull()).isTrue();
    run.awaitOver();
    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(run.read().path("errorCode").asText()).isEqualTo("issue_reassigned");
  }

  @Test
  void a_second_assignee_is_refused_but_only_after_the_run_was_stopped(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    assertThat(
        run.patch(run.issueId(), Map.of("status", "in_review", "assigneeUserId", "local-board")).expectError(422))
        .isEqualTo("Issue can only have one assignee");

    assertThat(run.status()).isEqualTo("cancelled");
  }

  @Test
  void blocked_needs_a_reason_that_can_go_away(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    assertThat(run.patch(run.issueId(), Map.of("status", "blocked", "comment", "stuck")).expectError(422))
        .isEqualTo(
            "Entering blocked requires unresolved blockers, a pending interaction/approval, or unblockDescriptor");
    Map<String, Object> board = Map.of("status", "blocked", "unblockDescriptor",
        Map.of("owner", "board", "action", "do"));
    assertThat(run.patch(run.issueId(), board).expectError(403))
        .isEqualTo("Agents may only name themselves as an unblock owner");
  }

  @Test
  void blocked_by_a_task_lists_it(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String child = testCompany.createIssueId("First this", Map.of("parentId", run.issueId()));

    Map<String, Object> blocked = Map.of("status", "blocked", "blockedByIssueIds", List.of(child), "comment",
        "waiting");
    JsonNode issue = run.patch(run.issueId(), blocked).expectStatus(200);

    assertThat(issue.path("status").asText()).isEqualTo("blocked");
    assertThat(issue.at("/blockedBy/0/id").asText()).isEqualTo(child);
    assertThat(issue.at("/changes/blockedByIssueIds/to/0").asText()).isEqualTo(child);
    assertThat(issue.path("checkoutRunId").isNull()).isTrue();
    assertThat(issue.path("blockedTransitionAt").isTextual()).isTrue();
  }

  @Test
  void blockers_never_form_a_circle(TestCompany testCompany) {
    String first = testCompany.createIssueId("First", Map.of());
    String second = testCompany.createIssueId("Second",
        Map.of("status", "blocked", "blockedByIssueIds", List.of(first)));

    assertThat(testCompany.patchAsBoard(first, Map.of("blockedByIssueIds", List.of(second))).expectError(422))
        .isEqualTo("Blocking relations cannot contain cycles");
  }

  @Test
  void a_blocked_issue_does_not_go_on_while_it_is_blocked(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String blocker = testCompany.createIssueId("First", Map.of());
    String blocked = testCompany.createIssueId("Then",
        Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));
    LiveRun run = wren.awaitRunFor("Build it");

    TestResponse testResponse = run.patch(blocked, Map.of("status", "in_progress"));

    assertThat(testResponse.expectError(409)).isEqualTo("Issue follow-up blocked by unresolved blockers");
    assertThat(testResponse.text("/details/unresolvedBlockerIssueIds/0")).isEqualTo(blocker);
  }

  @Test
  void leaving_in_progress_frees_the_issue_while_the_run_goes_on(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode todo = run.patch(run.issueId(), Map.of("status", "todo", "comment", "yielding")).expectStatus(200);
    assertThat(todo.path("checkoutRunId").isNull()).isTrue();
    assertThat(todo.path("executionRunId").isNull()).isTrue();
    assertThat(run.status()).isEqualTo("running");
    run.patch(run.issueId(), Map.of("priority", "high")).expectStatus(200);
  }

  @Test
  void in_progress_without_a_checkout_is_accepted_and_adopted(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitIdleRun("Build it");

    JsonNode begun = run.patch(run.issueId(), Map.of("status", "in_progress")).expectStatus(200);
    assertThat(begun.path("checkoutRunId").isNull()).isTrue();

    JsonNode done = run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);
    assertThat(done.at("/changes/checkoutRunId/from").asText()).isEqualTo(run.id());
  }

  @Test
  void a_done_issue_can_be_reopened_by_its_assignee(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);

    JsonNode issue = run.patch(run.issueId(), Map.of("status", "in_progress")).expectStatus(200);

    assertThat(issue.path("completedAt").isNull()).isTrue();
    assertThat(issue.at("/changes/status/from").asText()).isEqualTo("done");
  }

  @Test
  void in_progress_needs_an_assignee(TestCompany testCompany) {
    String free = testCompany.createIssueId("Nobody's", Map.of());

    assertThat(testCompany.patchAsBoard(free, Map.of("status", "in_progress")).expectError(422))
        .isEqualTo("in_progress issues require an assignee");
  }

  @Test
  void reassigning_the_own_issue_stops_the_own_run_before_the_answer(TestCompany testCompany) {
    TestAgent cora = testCompany.createAgent("Cora");
    TestAgent wren = testCompany.createAgent("Wren", testCompany.slowTerminationConfig("0.4"));
    LiveRun run = wren.awaitRunFor("Build it");
    String issue = run.issueId();

    JsonNode answer = run.patch(issue, Map.of("status", "todo", "assigneeAgentId", cora.id, "comment", "for you"))
        .expectStatus(200);

    assertThat(run.hasReceivedTerm()).isTrue();
    assertThat(run.hasExited()).isTrue();
    assertThat(answer.path("assigneeAgentId").asText()).isEqualTo(cora.id);
    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(run.read().path("errorCode").asText()).isEqualTo("issue_reassigned");
    LiveRun next = cora.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_assigned");
    assertThat(next.issueId()).isEqualTo(issue);
    assertThat(wren.read().path("status").asText()).isEqualTo("idle");
  }

  @Test
  void agents_do_not_interrupt(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    run.patch(run.issueId(), Map.of("comment", "stop", "interrupt", true)).expectStatus(403);
    TestResponse spoof = run.patch(run.issueId(), Map.of("comment", "for you", "onBehalfOfUserId", "local-board"));
    spoof.expectStatus(422);
    assertThat(spoof.text("/details/code")).isEqualTo("issue_write_attribution_spoof_rejected");
    run.patch(run.issueId(), Map.of("resume", true)).expectStatus(400);
  }
}
