package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class WakeContractTest {

  @Test
  void a_process_finds_its_identity_in_the_environment(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");

    assertThat(run.variable("PAPERCLIP_AGENT_ID")).isEqualTo(wren.id);
    assertThat(run.variable("PAPERCLIP_COMPANY_ID")).isEqualTo(work.companyId);
    assertThat(run.variable("PAPERCLIP_RUN_ID")).isEqualTo(run.id());
    assertThat(run.variable("PAPERCLIP_API_URL")).startsWith("http://").doesNotEndWith("/api");
    assertThat(run.variable("PAPERCLIP_API_KEY").split("\\.")).hasSize(3);
    assertThat(run.variable("AGENT_DUMP_DIR")).isEqualTo(work.directory.toString());
    assertThat(Path.of(run.variable("PAPERCLIP_RUN_SCRATCH_DIR"))).isAbsolute();
    assertThat(run.variable("TMPDIR")).isEqualTo(run.variable("PAPERCLIP_RUN_SCRATCH_DIR"));
  }

  @Test
  void a_process_does_not_find_its_task_in_the_environment(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    assertThat(run.environment())
        .doesNotContainKeys(
            "PAPERCLIP_TASK_ID",
            "PAPERCLIP_WAKE_REASON",
            "PAPERCLIP_WAKE_COMMENT_ID",
            "PAPERCLIP_APPROVAL_ID",
            "PAPERCLIP_LINKED_ISSUE_IDS",
            "PAPERCLIP_WAKE_PAYLOAD_JSON");
  }

  @Test
  void the_run_tells_why_the_agent_was_woken(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String issue =
        work.issue("Build it", Map.of("assigneeAgentId", wren.id, "description", "All of it", "priority", "high"));
    LiveRun run = wren.awaitRun();

    JsonNode self = run.api().get("/api/heartbeat-runs/" + run.id()).expect(200);

    assertThat(self.path("status").asText()).isEqualTo("running");
    assertThat(self.path("invocationSource").asText()).isEqualTo("assignment");
    JsonNode context = self.path("contextSnapshot");
    assertThat(context.path("wakeReason").asText()).isEqualTo("issue_assigned");
    assertThat(context.path("wakeSource").asText()).isEqualTo("assignment");
    assertThat(context.path("source").asText()).isEqualTo("issue.create");
    assertThat(context.path("issueId").asText()).isEqualTo(issue);
    assertThat(context.path("taskId").asText()).isEqualTo(issue);
    assertThat(context.path("taskKey").asText()).isEqualTo(issue);
    assertThat(context.at("/paperclipIssue/title").asText()).isEqualTo("Build it");
    JsonNode wake = context.path("paperclipWake");
    assertThat(wake.path("reason").asText()).isEqualTo("issue_assigned");
    assertThat(wake.path("checkedOutByHarness").asBoolean()).isTrue();
    assertThat(wake.at("/issue/status").asText()).isEqualTo("in_progress");
    assertThat(wake.at("/issue/description").asText()).isEqualTo("All of it");
    assertThat(wake.at("/issue/priority").asText()).isEqualTo("high");
    assertThat(wake.path("fallbackFetchNeeded").asBoolean()).isFalse();
  }

  @Test
  void the_whole_history_of_comments_comes_along(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String issue = work.issue("Build it", Map.of());
    work.board.post("/api/issues/" + issue + "/comments", Map.of("body", "first")).expect(201);
    work.board.post("/api/issues/" + issue + "/comments", Map.of("body", "second")).expect(201);
    work.patchAsBoard(issue, Map.of("assigneeAgentId", wren.id, "status", "todo")).expect(200);

    JsonNode continuation = wren.awaitRun().context().path("executionContinuation");

    assertThat(continuation.path("messages")).extracting(message -> message.path("body").asText())
        .containsExactly("first", "second");
    assertThat(continuation.at("/coverage/kind").asText()).isEqualTo("full_task_history");
  }

  @Test
  void assigning_wakes_and_the_backlog_does_not_until_it_is_left(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String later = work.backlog("Later", wren);
    String free = work.issue("Soon", Map.of("status", "todo"));

    work.patchAsBoard(free, Map.of("assigneeAgentId", wren.id)).expect(200);

    LiveRun run = wren.awaitRun();
    assertThat(run.issueId()).isEqualTo(free);
    assertThat(run.wakeReason()).isEqualTo("issue_assigned");
    assertThat(run.context().path("source").asText()).isEqualTo("issue.update");
    assertThat(wren.runs()).hasSize(1);
    work.patchAsBoard(later, Map.of("status", "todo")).expect(200);
    LiveRun second = wren.awaitRun();
    assertThat(second.issueId()).isEqualTo(later);
    assertThat(second.wakeReason()).isEqualTo("issue_status_changed");
    assertThat(work.read(later).path("checkoutRunId").asText()).isEqualTo(second.id());
  }

  @Test
  void a_comment_of_the_board_takes_even_a_backlog_issue_up(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String later = work.backlog("Later", wren);

    work.board.post("/api/issues/" + later + "/comments", Map.of("body", "hi")).expect(201);

    assertThat(wren.awaitRun().wakeReason()).isEqualTo("issue_commented");
    assertThat(work.status(later)).isEqualTo("in_progress");
  }

  @Test
  void a_wakeup_carries_any_reason_and_its_issue_is_checked_out(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String issue = work.backlog("Build it", wren);

    JsonNode queued =
        work.board
            .post(
                "/api/agents/" + wren.id + "/wakeup",
                Map.of("source", "on_demand", "reason", "because I say so", "payload", Map.of("issueId", issue)))
            .expect(202);

    LiveRun run = wren.awaitRun();
    assertThat(run.id()).isEqualTo(queued.path("id").asText());
    assertThat(run.wakeReason()).isEqualTo("because I say so");
    assertThat(run.read().path("invocationSource").asText()).isEqualTo("on_demand");
    assertThat(work.read(issue).path("checkoutRunId").asText()).isEqualTo(run.id());
  }

  @Test
  void an_invoke_has_no_reason_and_no_issue(Workplace work) {
    JsonNode context = work.agent("Wren").awaitUnscopedRun().context();

    assertThat(context.has("wakeReason")).isFalse();
    assertThat(context.has("issueId")).isFalse();
    assertThat(context.path("triggeredBy").asText()).isEqualTo("board");
    assertThat(context.path("paperclipWake").properties()).extracting(Map.Entry::getKey)
        .containsExactly("connectorSkillInstructions");
  }

  @Test
  void an_agent_wakes_only_itself(Workplace work) {
    TestAgent wren = work.agent("Wren");
    TestAgent pia = work.agent("Pia");

    assertThat(wren.key().post("/api/agents/" + pia.id + "/wakeup", Map.of("source", "on_demand")).error(403))
        .isEqualTo("Agent can only invoke itself");
  }

  @Test
  void a_self_wake_without_issue_goes_into_the_live_unscoped_run(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitUnscopedRun();

    JsonNode answer =
        run.api()
            .post("/api/agents/" + wren.id + "/wakeup", Map.of("source", "on_demand", "reason", "again"))
            .expect(202);

    assertThat(answer.path("id").asText()).isEqualTo(run.id());
    assertThat(run.wakeReason()).isEqualTo("again");
    assertThat(wren.runs()).hasSize(1);
  }

  @Test
  void a_self_wake_for_the_own_issue_goes_into_the_live_run_and_is_over_with_it(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");

    JsonNode answer = selfWake(run, "more", run.issueId()).expect(202);
    assertThat(answer.path("id").asText()).isEqualTo(run.id());
    assertThat(run.wakeReason()).isEqualTo("more");
    run.end();

    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("more", "");
  }

  @Test
  void a_self_wake_for_a_fresh_session_waits_for_the_end_of_the_live_run(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");
    Map<String, Object> wake =
        Map.of(
            "source", "on_demand", "reason", "more", "forceFreshSession", true, "payload", Map.of("issueId", run.issueId()));

    JsonNode answer = run.api().post("/api/agents/" + wren.id + "/wakeup", wake).expect(202);
    assertThat(answer.path("status").asText()).isEqualTo("skipped");
    assertThat(answer.path("reason").asText()).isEqualTo("issue_execution_deferred");
    run.end();

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("more");
    assertThat(next.issueId()).isEqualTo(run.issueId());
    assertThat(work.read(run.issueId()).path("checkoutRunId").asText()).isEqualTo(next.id());
  }

  @Test
  void a_wake_by_hand_is_a_run_of_its_own(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun first = wren.awaitUnscopedRun();

    LiveRun second = wren.awaitUnscopedRun();

    assertThat(second.id()).isNotEqualTo(first.id());
  }

  @Test
  void a_comment_of_the_board_during_the_run_is_delivered_after_it(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    JsonNode comment = work.board.post(run.issuePath() + "/comments", Map.of("body", "one more thing")).expect(201);
    run.patch(run.issueId(), Map.of("status", "todo", "comment", "yielding")).expect(200);
    assertThat(wren.runs()).hasSize(1);
    run.end();

    LiveRun next = wren.awaitRun();

    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    JsonNode context = next.context();
    assertThat(context.path("wakeCommentId")).isEqualTo(comment.path("id"));
    assertThat(context.at("/wakeCommentIds/0")).isEqualTo(comment.path("id"));
    assertThat(context.at("/paperclipWake/latestCommentId")).isEqualTo(comment.path("id"));
    assertThat(context.at("/paperclipWake/commentWindow/includedCount").asInt()).isEqualTo(1);
    assertThat(context.at("/executionContinuation/messages")).hasSize(2);
    assertThat(work.status(run.issueId())).isEqualTo("in_progress");
  }

  @Test
  void resolved_blockers_wake_who_waited(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String blocker = work.issue("First", Map.of());
    String blocked =
        work.issue("Then", Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));

    work.patchAsBoard(blocker, Map.of("status", "done")).expect(200);

    LiveRun run = wren.awaitRun();
    assertThat(run.wakeReason()).isEqualTo("issue_blockers_resolved");
    assertThat(run.issueId()).isEqualTo(blocked);
    assertThat(run.context().path("resolvedBlockerIssueId").asText()).isEqualTo(blocker);
    assertThat(work.status(blocked)).isEqualTo("in_progress");
    assertThat(wren.runs()).hasSize(1);
  }

  @Test
  void completed_children_wake_the_parents_assignee(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun parent = wren.awaitIdleRun("Parent");
    String one = work.issue("One", Map.of("parentId", parent.issueId()));
    String two = work.issue("Two", Map.of("parentId", parent.issueId()));
    parent.end();

    work.patchAsBoard(one, Map.of("status", "done")).expect(200);
    work.patchAsBoard(two, Map.of("status", "cancelled")).expect(200);

    LiveRun run = wren.awaitRun();
    assertThat(run.wakeReason()).isEqualTo("issue_children_completed");
    assertThat(run.issueId()).isEqualTo(parent.issueId());
    assertThat(run.context().path("completedChildIssueId").asText()).isEqualTo(two);
    assertThat(run.context().path("childIssueIds")).extracting(JsonNode::asText).containsExactly(one, two);
    assertThat(run.context().at("/paperclipWake/childIssueSummaries")).hasSize(2);
  }

  @Test
  void any_agent_of_the_company_reads_any_run_and_the_issues_it_touched(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    run.comment(run.issueId(), "progress").expect(201);
    Api other = work.agent("Pia").key();

    assertThat(other.get("/api/heartbeat-runs/" + run.id()).expect(200).path("agentId").asText())
        .isEqualTo(run.agent().id);
    assertThat(other.get("/api/heartbeat-runs/" + run.id() + "/issues").column("issueId"))
        .containsExactly(run.issueId());
  }

  static Reply selfWake(LiveRun run, String reason, String issueId) {
    return run.api()
        .post(
            "/api/agents/" + run.agent().id + "/wakeup",
            Map.of(
                "source", "on_demand", "triggerDetail", "manual", "reason", reason, "payload", Map.of("issueId", issueId)));
  }
}
