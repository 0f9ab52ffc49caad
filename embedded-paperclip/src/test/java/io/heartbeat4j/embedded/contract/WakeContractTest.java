package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class WakeContractTest {

  @Test
  void a_process_finds_its_identity_in_the_environment(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");

    assertThat(run.variable("PAPERCLIP_AGENT_ID")).isEqualTo(wren.id);
    assertThat(run.variable("PAPERCLIP_COMPANY_ID")).isEqualTo(testCompany.companyId);
    assertThat(run.variable("PAPERCLIP_RUN_ID")).isEqualTo(run.id());
    assertThat(run.variable("PAPERCLIP_API_URL")).startsWith("http://").doesNotEndWith("/api");
    assertThat(run.variable("PAPERCLIP_API_KEY").split("\\.")).hasSize(3);
    assertThat(run.variable("AGENT_DUMP_DIR")).isEqualTo(testCompany.directory.toString());
    assertThat(Path.of(run.variable("PAPERCLIP_RUN_SCRATCH_DIR"))).isAbsolute();
    assertThat(run.variable("TMPDIR")).isEqualTo(run.variable("PAPERCLIP_RUN_SCRATCH_DIR"));
  }

  @Test
  void a_process_does_not_find_its_task_in_the_environment(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

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
  void the_run_tells_why_the_agent_was_woken(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = testCompany.createIssueId("Build it",
        Map.of("assigneeAgentId", wren.id, "description", "All of it", "priority", "high"));
    LiveRun run = wren.awaitRun();

    JsonNode self = run.client().get("/api/heartbeat-runs/" + run.id()).expectStatus(200);

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
  void the_whole_history_of_comments_comes_along(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = testCompany.createIssueId("Build it", Map.of());
    testCompany.board.post("/api/issues/" + issue + "/comments", Map.of("body", "first")).expectStatus(201);
    testCompany.board.post("/api/issues/" + issue + "/comments", Map.of("body", "second")).expectStatus(201);
    testCompany.patchAsBoard(issue, Map.of("assigneeAgentId", wren.id, "status", "todo")).expectStatus(200);

    JsonNode continuation = wren.awaitRun().context().path("executionContinuation");

    assertThat(continuation.path("messages")).extracting(message -> message.path("body").asText())
        .containsExactly("first", "second");
    assertThat(continuation.at("/coverage/kind").asText()).isEqualTo("full_task_history");
  }

  @Test
  void assigning_wakes_and_the_backlog_does_not_until_it_is_left(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String later = testCompany.createBacklog("Later", wren);
    String free = testCompany.createIssueId("Soon", Map.of("status", "todo"));

    testCompany.patchAsBoard(free, Map.of("assigneeAgentId", wren.id)).expectStatus(200);

    LiveRun run = wren.awaitRun();
    assertThat(run.issueId()).isEqualTo(free);
    assertThat(run.wakeReason()).isEqualTo("issue_assigned");
    assertThat(run.context().path("source").asText()).isEqualTo("issue.update");
    assertThat(wren.runs()).hasSize(1);
    testCompany.patchAsBoard(later, Map.of("status", "todo")).expectStatus(200);
    LiveRun second = wren.awaitRun();
    assertThat(second.issueId()).isEqualTo(later);
    assertThat(second.wakeReason()).isEqualTo("issue_status_changed");
    assertThat(testCompany.read(later).path("checkoutRunId").asText()).isEqualTo(second.id());
  }

  @Test
  void a_comment_of_the_board_takes_even_a_backlog_issue_up(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String later = testCompany.createBacklog("Later", wren);

    testCompany.board.post("/api/issues/" + later + "/comments", Map.of("body", "hi")).expectStatus(201);

    assertThat(wren.awaitRun().wakeReason()).isEqualTo("issue_commented");
    assertThat(testCompany.status(later)).isEqualTo("in_progress");
  }

  @Test
  void a_wakeup_carries_any_reason_and_its_issue_is_checked_out(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = testCompany.createBacklog("Build it", wren);

    JsonNode queued = testCompany.board
        .post(
            "/api/agents/" + wren.id + "/wakeup",
            Map.of("source", "on_demand", "reason", "because I say so", "payload", Map.of("issueId", issue)))
        .expectStatus(202);

    LiveRun run = wren.awaitRun();
    assertThat(run.id()).isEqualTo(queued.path("id").asText());
    assertThat(run.wakeReason()).isEqualTo("because I say so");
    assertThat(run.read().path("invocationSource").asText()).isEqualTo("on_demand");
    assertThat(testCompany.read(issue).path("checkoutRunId").asText()).isEqualTo(run.id());
  }

  @Test
  void an_invoke_has_no_reason_and_no_issue(TestCompany testCompany) {
    JsonNode context = testCompany.createAgent("Wren").awaitUnscopedRun().context();

    assertThat(context.has("wakeReason")).isFalse();
    assertThat(context.has("issueId")).isFalse();
    assertThat(context.path("triggeredBy").asText()).isEqualTo("board");
    assertThat(context.path("paperclipWake").properties()).extracting(Map.Entry::getKey)
        .containsExactly("connectorSkillInstructions");
  }

  @Test
  void an_agent_wakes_only_itself(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestAgent pia = testCompany.createAgent("Pia");

    assertThat(
        wren.keyClient().post("/api/agents/" + pia.id + "/wakeup", Map.of("source", "on_demand")).expectError(403))
        .isEqualTo("Agent can only invoke itself");
  }

  @Test
  void a_self_wake_without_issue_goes_into_the_live_unscoped_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitUnscopedRun();

    JsonNode answer = run.client()
        .post("/api/agents/" + wren.id + "/wakeup", Map.of("source", "on_demand", "reason", "again"))
        .expectStatus(202);

    assertThat(answer.path("id").asText()).isEqualTo(run.id());
    assertThat(run.wakeReason()).isEqualTo("again");
    assertThat(wren.runs()).hasSize(1);
  }

  @Test
  void a_self_wake_for_the_own_issue_goes_into_the_live_run_and_is_over_with_it(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");

    JsonNode answer = selfWake(run, "more", run.issueId()).expectStatus(202);
    assertThat(answer.path("id").asText()).isEqualTo(run.id());
    assertThat(run.wakeReason()).isEqualTo("more");
    run.endProcess();

    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("more", "");
  }

  @Test
  void a_self_wake_for_a_fresh_session_waits_for_the_end_of_the_live_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");
    Map<String, Object> wake = Map.of(
        "source", "on_demand", "reason", "more", "forceFreshSession", true, "payload",
        Map.of("issueId", run.issueId()));

    JsonNode answer = run.client().post("/api/agents/" + wren.id + "/wakeup", wake).expectStatus(202);
    assertThat(answer.path("status").asText()).isEqualTo("skipped");
    assertThat(answer.path("reason").asText()).isEqualTo("issue_execution_deferred");
    run.endProcess();

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("more");
    assertThat(next.issueId()).isEqualTo(run.issueId());
    assertThat(testCompany.read(run.issueId()).path("checkoutRunId").asText()).isEqualTo(next.id());
  }

  @Test
  void a_wake_by_hand_is_a_run_of_its_own(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun first = wren.awaitUnscopedRun();

    LiveRun second = wren.awaitUnscopedRun();

    assertThat(second.id()).isNotEqualTo(first.id());
  }

  @Test
  void a_comment_of_the_board_during_the_run_is_delivered_after_it(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    JsonNode comment = testCompany.board.post(run.issuePath() + "/comments", Map.of("body", "one more thing"))
        .expectStatus(201);
    run.patch(run.issueId(), Map.of("status", "todo", "comment", "yielding")).expectStatus(200);
    assertThat(wren.runs()).hasSize(1);
    run.endProcess();

    LiveRun next = wren.awaitRun();

    assertThat(next.wakeReason()).isEqualTo("issue_commented");
    JsonNode context = next.context();
    assertThat(context.path("wakeCommentId")).isEqualTo(comment.path("id"));
    assertThat(context.at("/wakeCommentIds/0")).isEqualTo(comment.path("id"));
    assertThat(context.at("/paperclipWake/latestCommentId")).isEqualTo(comment.path("id"));
    assertThat(context.at("/paperclipWake/commentWindow/includedCount").asInt()).isEqualTo(1);
    assertThat(context.at("/executionContinuation/messages")).hasSize(2);
    assertThat(testCompany.status(run.issueId())).isEqualTo("in_progress");
  }

  @Test
  void resolved_blockers_wake_who_waited(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String blocker = testCompany.createIssueId("First", Map.of());
    String blocked = testCompany.createIssueId("Then",
        Map.of("assigneeAgentId", wren.id, "status", "blocked", "blockedByIssueIds", List.of(blocker)));

    testCompany.patchAsBoard(blocker, Map.of("status", "done")).expectStatus(200);

    LiveRun run = wren.awaitRun();
    assertThat(run.wakeReason()).isEqualTo("issue_blockers_resolved");
    assertThat(run.issueId()).isEqualTo(blocked);
    assertThat(run.context().path("resolvedBlockerIssueId").asText()).isEqualTo(blocker);
    assertThat(testCompany.status(blocked)).isEqualTo("in_progress");
    assertThat(wren.runs()).hasSize(1);
  }

  @Test
  void completed_children_wake_the_parents_assignee(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun parent = wren.awaitIdleRun("Parent");
    String one = testCompany.createIssueId("One", Map.of("parentId", parent.issueId()));
    String two = testCompany.createIssueId("Two", Map.of("parentId", parent.issueId()));
    parent.endProcess();

    testCompany.patchAsBoard(one, Map.of("status", "done")).expectStatus(200);
    testCompany.patchAsBoard(two, Map.of("status", "cancelled")).expectStatus(200);

    LiveRun run = wren.awaitRun();
    assertThat(run.wakeReason()).isEqualTo("issue_children_completed");
    assertThat(run.issueId()).isEqualTo(parent.issueId());
    assertThat(run.context().path("completedChildIssueId").asText()).isEqualTo(two);
    assertThat(run.context().path("childIssueIds")).extracting(JsonNode::asText).containsExactly(one, two);
    assertThat(run.context().at("/paperclipWake/childIssueSummaries")).hasSize(2);
  }

  @Test
  void any_agent_of_the_company_reads_any_run_and_the_issues_it_touched(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    run.comment(run.issueId(), "progress").expectStatus(201);
    TestApiClient other = testCompany.createAgent("Pia").keyClient();

    assertThat(other.get("/api/heartbeat-runs/" + run.id()).expectStatus(200).path("agentId").asText())
        .isEqualTo(run.agent().id);
    assertThat(other.get("/api/heartbeat-runs/" + run.id() + "/issues").values("issueId"))
        .containsExactly(run.issueId());
  }

  static TestResponse selfWake(LiveRun run, String reason, String issueId) {
    return run.client()
        .post(
            "/api/agents/" + run.agent().id + "/wakeup",
            Map.of(
                "source", "on_demand", "triggerDetail", "manual", "reason", reason, "payload",
                Map.of("issueId", issueId)));
  }
}
