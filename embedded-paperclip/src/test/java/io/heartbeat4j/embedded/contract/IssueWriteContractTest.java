package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class IssueWriteContractTest {

  @Test
  void done_with_a_comment_is_one_request_that_echoes_both(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode issue = run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expect(200);

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
  void a_minimal_answer_shows_only_what_changed(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    Reply reply = run.api().with("Prefer", "return=minimal").patch(run.issuePath(), Map.of("comment", "progress"));

    JsonNode body = reply.expect(200);
    assertThat(reply.header("preference-applied")).contains("return=minimal");
    assertThat(body.properties()).extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("id", "identifier", "updatedAt", "changes", "comment");
    assertThat(body.path("changes")).isEmpty();
    assertThat(body.at("/comment/body").asText()).isEqualTo("progress");
  }

  @Test
  void nothing_or_something_unknown_is_no_error(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    assertThat(run.patch(run.issueId(), Map.of()).expect(200).path("changes")).isEmpty();
    assertThat(run.patch(run.issueId(), Map.of("nosuchfield", 1)).expect(200).path("changes")).isEmpty();
    assertThat(run.patch(run.issueId(), Map.of("status", "bogus")).error(400)).isEqualTo("Validation error");
  }

  @Test
  void a_peers_issue_in_progress_is_locked(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun owner = wren.awaitRunFor("Build it");
    LiveRun other = work.agent("Pia").awaitRunFor("Test it");

    Reply reply = other.patch(owner.issueId(), Map.of("priority", "low"));

    reply.expect(409);
    assertThat(reply.body().has("code")).isFalse();
    assertThat(reply.text("/details/code")).isEqualTo("issue_write_assignee_run_lock");
    assertThat(reply.text("/details/assigneeAgentId")).isEqualTo(wren.id);
    assertThat(reply.text("/details/actorAgentId")).isEqualTo(other.agent().id);
  }

  @Test
  void a_peers_idle_issue_can_be_written_even_cancelled(Workplace work) {
    String theirs = work.backlog("Later", work.agent("Wren"));
    LiveRun other = work.agent("Pia").awaitRunFor("Test it");

    other.patch(theirs, Map.of("priority", "low")).expect(200);
    JsonNode cancelled = other.patch(theirs, Map.of("status", "cancelled", "comment", "not needed")).expect(200);

    assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void review_needs_somebody_who_acts_next(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    Reply reply = run.patch(run.issueId(), Map.of("status", "in_review", "comment", "please review"));

    reply.expect(422);
    assertThat(reply.text("/code")).isEqualTo("invalid_issue_disposition");
    assertThat(reply.text("/details/missing")).isEqualTo("review_path");
    assertThat(reply.body().at("/details/validReviewPaths")).hasSize(5);
    assertThat(work.status(run.issueId())).isEqualTo("in_progress");
    assertThat(work.board.get(run.issuePath() + "/comments").body()).isEmpty();
  }

  @Test
  void review_by_a_pending_card_is_fine(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    run.api()
        .post(
            run.issuePath() + "/interactions",
            Map.of("kind", "request_confirmation", "payload", Map.of("version", 1, "prompt", "Ship it?")))
        .expect(201);

    JsonNode issue = run.patch(run.issueId(), Map.of("status", "in_review", "comment", "waiting")).expect(200);

    assertThat(issue.path("status").asText()).isEqualTo("in_review");
    assertThat(issue.path("checkoutRunId").isNull()).isTrue();
  }

  @Test
  void review_by_a_person_ends_the_run(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    Map<String, Object> yours = new HashMap<>(Map.of("status", "in_review", "assigneeUserId", "local-board"));
    yours.put("assigneeAgentId", null);
    yours.put("comment", "yours");
    JsonNode issue = run.patch(run.issueId(), yours).expect(200);

    assertThat(issue.path("assigneeUserId").asText()).isEqualTo("local-board");
    assertThat(issue.path("assigneeAgentId").isNull()).isTrue();
    run.awaitOver();
    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(run.read().path("errorCode").asText()).isEqualTo("issue_reassigned");
  }

  @Test
  void a_second_assignee_is_refused_but_only_after_the_run_was_stopped(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    assertThat(run.patch(run.issueId(), Map.of("status", "in_review", "assigneeUserId", "local-board")).error(422))
        .isEqualTo("Issue can only have one assignee");

    assertThat(run.status()).isEqualTo("cancelled");
  }

  @Test
  void blocked_needs_a_reason_that_can_go_away(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    assertThat(run.patch(run.issueId(), Map.of("status", "blocked", "comment", "stuck")).error(422))
        .isEqualTo("Entering blocked requires unresolved blockers, a pending interaction/approval, or unblockDescriptor");
    Map<String, Object> board = Map.of("status", "blocked", "unblockDescriptor", Map.of("owner", "board", "action", "do"));
    assertThat(run.patch(run.issueId(), board).error(403)).isEqualTo("Agents may only name themselves as an unblock owner");
  }

  @Test
  void blocked_by_a_task_lists_it(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    String child = work.issue("First this", Map.of("parentId", run.issueId()));

    Map<String, Object> blocked = Map.of("status", "blocked", "blockedByIssueIds", List.of(child), "comment", "waiting");
    JsonNode issue = run.patch(run.issueId(), blocked).expect(200);

    assertThat(issue.path("status").asText()).isEqualTo("blocked");
    assertThat(issue.at("/blockedBy/0/id").asText()).isEqualTo(child);
    assertThat(issue.at("/changes/blockedByIssueIds/to/0").asText()).isEqualTo(child);
    assertThat(issue.path("checkoutRunId").isNull()).isTrue();
    assertThat(issue.path("blockedTransitionAt").isTextual()).isTrue();
  }

  @Test
  void blockers_never_form_a_circle(Workplace work) {
    String first = work.issue("First", Map.of());
    String second = work.issue("Second", Map.of("status", "blocked", "blockedByIssueIds", List.of(first)));

    assertThat(work.patchAsBoard(first, Map.of("blockedByIssueIds", List.of(second))).error(422))
        .isEqualTo("Blocking relations cannot contain cycles");
  }

  @Test
  void a_blocked_issue_does_not_go_on_while_it_is_blocked(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String blocker = work.issue("First", Map.of());
    String blocked =
        work.issue("Then", Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));
    LiveRun run = wren.awaitRunFor("Build it");

    Reply reply = run.patch(blocked, Map.of("status", "in_progress"));

    assertThat(reply.error(409)).isEqualTo("Issue follow-up blocked by unresolved blockers");
    assertThat(reply.text("/details/unresolvedBlockerIssueIds/0")).isEqualTo(blocker);
  }

  @Test
  void leaving_in_progress_frees_the_issue_while_the_run_goes_on(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode todo = run.patch(run.issueId(), Map.of("status", "todo", "comment", "yielding")).expect(200);
    assertThat(todo.path("checkoutRunId").isNull()).isTrue();
    assertThat(todo.path("executionRunId").isNull()).isTrue();
    assertThat(run.status()).isEqualTo("running");
    run.patch(run.issueId(), Map.of("priority", "high")).expect(200);
  }

  @Test
  void in_progress_without_a_checkout_is_accepted_and_adopted(Workplace work) {
    LiveRun run = work.agent("Wren").awaitIdleRun("Build it");

    JsonNode begun = run.patch(run.issueId(), Map.of("status", "in_progress")).expect(200);
    assertThat(begun.path("checkoutRunId").isNull()).isTrue();

    JsonNode done = run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expect(200);
    assertThat(done.at("/changes/checkoutRunId/from").asText()).isEqualTo(run.id());
  }

  @Test
  void a_done_issue_can_be_reopened_by_its_assignee(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expect(200);

    JsonNode issue = run.patch(run.issueId(), Map.of("status", "in_progress")).expect(200);

    assertThat(issue.path("completedAt").isNull()).isTrue();
    assertThat(issue.at("/changes/status/from").asText()).isEqualTo("done");
  }

  @Test
  void in_progress_needs_an_assignee(Workplace work) {
    String free = work.issue("Nobody's", Map.of());

    assertThat(work.patchAsBoard(free, Map.of("status", "in_progress")).error(422))
        .isEqualTo("in_progress issues require an assignee");
  }

  @Test
  void reassigning_the_own_issue_stops_the_own_run_before_the_answer(Workplace work) {
    TestAgent cora = work.agent("Cora");
    TestAgent wren = work.agent("Wren", work.slowToDie("0.4"));
    LiveRun run = wren.awaitRunFor("Build it");
    String issue = run.issueId();

    JsonNode answer =
        run.patch(issue, Map.of("status", "todo", "assigneeAgentId", cora.id, "comment", "for you")).expect(200);

    assertThat(run.wasToldToStop()).isTrue();
    assertThat(run.isGone()).isTrue();
    assertThat(answer.path("assigneeAgentId").asText()).isEqualTo(cora.id);
    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(run.read().path("errorCode").asText()).isEqualTo("issue_reassigned");
    LiveRun next = cora.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_assigned");
    assertThat(next.issueId()).isEqualTo(issue);
    assertThat(wren.read().path("status").asText()).isEqualTo("idle");
  }

  @Test
  void agents_do_not_interrupt(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    run.patch(run.issueId(), Map.of("comment", "stop", "interrupt", true)).expect(403);
    Reply spoof = run.patch(run.issueId(), Map.of("comment", "for you", "onBehalfOfUserId", "local-board"));
    spoof.expect(422);
    assertThat(spoof.text("/details/code")).isEqualTo("issue_write_attribution_spoof_rejected");
    run.patch(run.issueId(), Map.of("resume", true)).expect(400);
  }
}
