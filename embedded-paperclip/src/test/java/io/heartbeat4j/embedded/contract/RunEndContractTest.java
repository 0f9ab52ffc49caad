package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class RunEndContractTest {

  @Test
  void a_run_that_finished_its_issue_is_followed_by_nothing(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);
    run.endProcess();

    JsonNode ended = run.read();
    assertThat(ended.path("status").asText()).isEqualTo("succeeded");
    assertThat(ended.path("exitCode").asInt()).isZero();
    assertThat(ended.path("stdoutExcerpt").asText()).contains("agent started " + run.id());
    assertThat(ended.path("finishedAt").isTextual()).isTrue();
    Await.until("agent to rest", () -> wren.read().path("status").asText().equals("idle"));
    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("issue_assigned", "");
  }

  @Test
  void an_issue_put_back_to_todo_wakes_nobody(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");
    run.endProcess();

    wren.awaitUnscopedRun();

    assertThat(wren.wakeReasons()).containsExactly("issue_assigned", "");
    assertThat(testCompany.read(run.issueId()).path("assigneeAgentId").asText()).isEqualTo(wren.id);
    assertThat(testCompany.status(run.issueId())).isEqualTo("todo");
  }

  @Test
  void naming_oneself_as_the_unblock_owner_only_rewrites_the_own_live_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    Map<String, Object> self = Map.of("owner", Map.of("agentId", wren.id), "action", "look again");

    run.patch(run.issueId(), Map.of("status", "blocked", "comment", "stuck", "unblockDescriptor", self))
        .expectStatus(200);

    Await.until("the wake to arrive", () -> run.wakeReason().equals("issue_unblock_requested"));
    run.endProcess();
    assertThat(testCompany.status(run.issueId())).isEqualTo("blocked");
    wren.awaitUnscopedRun();
    assertThat(wren.wakeReasons()).containsExactly("issue_unblock_requested", "");
  }

  @Test
  void a_task_for_the_manager_is_done_and_the_agent_goes_on(TestCompany testCompany) {
    TestAgent cora = testCompany.createAgent("Cora", Map.of("role", "ceo"));
    TestAgent wren = testCompany.createAgent("Wren", Map.of("reportsTo", cora.id));
    LiveRun run = wren.awaitRunFor("Build it");
    String task = run.client()
        .post(
            testCompany.issues(""),
            Map.of("title", "Decide", "parentId", run.issueId(), "assigneeAgentId", cora.id, "status", "todo"))
        .expectStatus(201)
        .path("id")
        .asText();
    run.patch(run.issueId(), Map.of("status", "blocked", "comment", "asking", "blockedByIssueIds", List.of(task)))
        .expectStatus(200);
    run.endProcess();
    LiveRun manager = cora.awaitRun();
    assertThat(manager.issueId()).isEqualTo(task);

    manager.patch(task, Map.of("status", "done", "comment", "decided")).expectStatus(200);
    manager.endProcess();

    LiveRun next = wren.awaitRun();
    assertThat(next.issueId()).isEqualTo(run.issueId());
    assertThat(next.wakeReason()).isIn("issue_children_completed", "issue_blockers_resolved");
  }

  @Test
  void silence_is_answered_with_a_wake_that_asks_for_a_comment(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.endProcess();

    LiveRun next = wren.awaitRun();

    // a sweep that comes just then makes it a wake to go on
    assertThat(next.wakeReason()).isIn("missing_issue_comment", "issue_continuation_needed");
    assertThat(next.issueId()).isEqualTo(run.issueId());
    assertThat(next.context().path("retryOfRunId").asText()).isEqualTo(run.id());
    assertThat(testCompany.read(run.issueId()).path("checkoutRunId").asText()).isEqualTo(next.id());
  }

  @Test
  void a_comment_alone_is_no_disposition_and_gets_one_corrective_wake_then_the_board(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.comment(run.issueId(), "made progress").expectStatus(201);
    run.endProcess();

    LiveRun corrective = wren.awaitRun();
    JsonNode context = corrective.context();
    assertThat(corrective.wakeReason()).isEqualTo("finish_successful_run_handoff");
    assertThat(context.path("sourceRunId").asText()).isEqualTo(run.id());
    assertThat(context.path("resumeFromRunId").asText()).isEqualTo(run.id());
    assertThat(context.path("handoffRequired").asBoolean()).isTrue();
    assertThat(context.path("handoffAttempt").asInt()).isEqualTo(1);
    assertThat(context.path("maxHandoffAttempts").asInt()).isEqualTo(1);
    Await.until(
        "a notice", () -> testCompany.board.get(run.issuePath() + "/comments").values("authorType").contains("system"));
    assertThat(testCompany.read(run.issueId()).at("/successfulRunHandoff/state").asText()).isEqualTo("required");
    corrective.comment(run.issueId(), "still at it").expectStatus(201);
    corrective.endProcess();

    testCompany.awaitStatus(run.issueId(), "blocked");
    JsonNode issue = testCompany.read(run.issueId());
    assertThat(issue.at("/activeRecoveryAction/kind").asText()).isEqualTo("missing_disposition");
    assertThat(issue.at("/activeRecoveryAction/ownerType").asText()).isEqualTo("board");
    assertThat(issue.at("/successfulRunHandoff/state").asText()).isEqualTo("escalated");
    assertThat(wren.runs()).hasSize(2);
  }

  @Test
  void a_corrective_run_that_decides_ends_the_matter(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.comment(run.issueId(), "made progress").expectStatus(201);
    run.endProcess();

    LiveRun corrective = wren.awaitRun();
    corrective.patch(run.issueId(), Map.of("status", "done", "comment", "it was done")).expectStatus(200);
    corrective.endProcess();

    assertThat(testCompany.status(run.issueId())).isEqualTo("done");
  }

  @Test
  void a_run_that_only_answered_a_comment_is_followed_by_one_that_goes_on(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = testCompany.createBacklog("Later", wren);
    testCompany.board.post("/api/issues/" + issue + "/comments", Map.of("body", "hi")).expectStatus(201);
    LiveRun run = wren.awaitRun();
    run.comment(issue, "hello").expectStatus(201);
    run.endProcess();

    LiveRun next = wren.awaitRun();
    assertThat(next.wakeReason()).isEqualTo("issue_continuation_needed");
    assertThat(next.context().path("retryOfRunId").asText()).isEqualTo(run.id());
    assertThat(testCompany.read(issue).path("checkoutRunId").asText()).isEqualTo(next.id());
  }

  @Test
  void a_failed_run_leaves_its_issue_to_the_board(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.endProcess(3);

    JsonNode ended = run.read();
    assertThat(ended.path("status").asText()).isEqualTo("failed");
    assertThat(ended.path("exitCode").asInt()).isEqualTo(3);
    assertThat(ended.path("errorCode").asText()).isEqualTo("adapter_failed");
    Await.until("agent to be in error", () -> wren.read().path("status").asText().equals("error"));
    testCompany.awaitStatus(run.issueId(), "blocked");
    JsonNode issue = testCompany.read(run.issueId());
    assertThat(issue.at("/executionBlocker/cause").asText()).isEqualTo("legacy_execution_requires_reconciliation");
    assertThat(issue.at("/executionBlocker/runId").asText()).isEqualTo(run.id());
    assertThat(issue.path("blockedTransitionAt").isNull()).isTrue();
    assertThat(issue.path("activeRecoveryAction").isNull()).isTrue();
    assertThat(testCompany.board.get(run.issuePath() + "/comments").expectStatus(200)).isEmpty();
    assertThat(wren.runs()).hasSize(1);
  }

  @Test
  void a_killed_process_is_a_failed_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    long pid = run.read().path("processPid").asLong();

    assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);

    run.awaitOver();
    assertThat(run.status()).isEqualTo("failed");
    assertThat(run.read().path("signal").asText()).isEqualTo("SIGKILL");
    assertThat(testCompany.read(run.issueId()).at("/executionBlocker/runId").asText()).isEqualTo(run.id());
  }

  @Test
  void a_wake_for_an_issue_whose_run_failed_is_accepted_and_skipped(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    run.endProcess(1);
    testCompany.awaitStatus(run.issueId(), "blocked");

    JsonNode answer = wren.keyClient()
        .post(
            "/api/agents/" + wren.id + "/wakeup",
            Map.of("source", "on_demand", "reason", "retry", "payload", Map.of("issueId", run.issueId())))
        .expectStatus(202);

    assertThat(answer.has("id")).isFalse();
    assertThat(answer.path("status").asText()).isEqualTo("skipped");
    assertThat(answer.path("reason").asText()).isEqualTo("execution_reconciliation_required");
    assertThat(wren.runs()).hasSize(1);
  }

  @Test
  void what_a_dead_run_left_can_be_written_by_a_later_run_but_starts_nobody(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestAgent cora = testCompany.createAgent("Cora");
    LiveRun dead = wren.awaitRunFor("Build it");
    dead.endProcess(1);
    testCompany.awaitStatus(dead.issueId(), "blocked");
    LiveRun later = wren.awaitRunFor("Something else");

    later.patch(dead.issueId(), Map.of("status", "todo", "comment", "not finished")).expectStatus(200);
    testCompany.patchAsBoard(dead.issueId(), Map.of("assigneeAgentId", cora.id)).expectStatus(200);
    cora.awaitUnscopedRun();

    assertThat(cora.wakeReasons()).containsExactly("");
    assertThat(testCompany.read(dead.issueId()).path("executionBlocker").isObject()).isTrue();
  }

  @Test
  void the_dead_runs_own_id_still_writes_once_the_issue_is_idle(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun dead = wren.awaitRunFor("Build it");
    dead.endProcess(1);
    testCompany.awaitStatus(dead.issueId(), "blocked");
    TestApiClient key = wren.keyClient().withRunId(dead.id());

    key.post(dead.issuePath() + "/comments", Map.of("body", "found in the journal")).expectStatus(201);
    JsonNode done = key.patch(dead.issuePath(), Map.of("status", "done", "comment", "finished")).expectStatus(200);

    assertThat(done.path("status").asText()).isEqualTo("done");
  }

  @Test
  void a_run_stopped_by_the_board_is_told_and_then_cancelled(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren", testCompany.slowTerminationConfig("0.3"));
    LiveRun run = wren.awaitRunFor("Build it");

    JsonNode answer = testCompany.board.post("/api/heartbeat-runs/" + run.id() + "/cancel", Map.of()).expectStatus(200);

    assertThat(answer.path("status").asText()).isEqualTo("cancelled");
    assertThat(run.hasReceivedTerm()).isTrue();
    Await.until("process to be gone", run::hasExited);
    JsonNode issue = testCompany.read(run.issueId());
    assertThat(issue.path("checkoutRunId").isNull()).isTrue();
    assertThat(issue.at("/executionBlocker/runId").asText()).isEqualTo(run.id());
  }

  @Test
  void a_pause_stops_the_run_and_its_token_no_longer_writes_work_in_progress(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String issue = run.issueId();

    testCompany.board.post("/api/agents/" + wren.id + "/pause", Map.of()).expectStatus(200);
    run.awaitOver();

    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(run.read().path("errorCode").asText()).isEqualTo("agent_paused");
    assertThat(run.hasReceivedTerm()).isTrue();
    run.comment(issue, "paused").expectStatus(201);
    assertThat(wren.read().path("status").asText()).isEqualTo("paused");
    JsonNode resumed = testCompany.board.post("/api/agents/" + wren.id + "/resume", Map.of()).expectStatus(200);
    assertThat(resumed.path("status").asText()).isEqualTo("idle");
    assertThat(resumed.path("pauseReason").isNull()).isTrue();
  }

  @Test
  void a_command_that_does_not_exist_fails_the_run(TestCompany testCompany) {
    TestAgent ghost = testCompany.createAgent("Ghost", Map.of("adapterConfig", Map.of("command", "/no/such/command")));
    testCompany.createTodo("Build it", ghost);

    Await.until("the run to fail", () -> ghost.runs().path(0).path("status").asText().equals("failed"));

    assertThat(ghost.runs().get(0).path("errorCode").asText()).isEqualTo("adapter_failed");
  }
}
