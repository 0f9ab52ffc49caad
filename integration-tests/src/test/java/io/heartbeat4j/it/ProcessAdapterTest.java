package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution, spawned by a real Paperclip server through its process adapter. */
class ProcessAdapterTest {

  @TempDir
  static Path directory;
  private static InstalledDistribution installedDistribution;

  @BeforeAll
  static void install() throws IOException {
    installedDistribution = new InstalledDistribution(directory);
  }

  @Test
  void an_assigned_issue_ends_done_with_one_comment() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Simple");
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("simple", "echo 'Greeted the world, as asked.'"));

    String issue = boardClient.createAssignedIssue("Say hello", agent);

    IssueAssertions.awaitSettled(boardClient, agent, issue, "done");
    assertThat(boardClient.agentComments(issue)).singleElement()
        .satisfies(comment -> assertThat(comment.path("body").asText()).isEqualTo("Greeted the world, as asked."));
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_failing_worker_blocks_the_issue_with_one_card_and_resumes_when_it_is_accepted() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Failing");
    Path mended = installedDistribution.signalFile("mended");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig(
        "failing", "test -e " + mended + " && echo 'Works now.' && exit 0; echo 'no such table: t' >&2; exit 3"));
    String issue = boardClient.createAssignedIssue("Migrate", agent);

    IssueAssertions.awaitSettled(boardClient, agent, issue, "blocked");
    assertThat(boardClient.agentComments(issue)).singleElement().satisfies(
        comment -> assertThat(comment.path("body").asText()).contains("exit code 3").contains("no such table: t"));
    assertThat(boardClient.interactions(issue)).singleElement()
        .satisfies(card -> assertThat(card.path("status").asText()).isEqualTo("pending"));
    int runsBefore = boardClient.runs(agent).size();

    Files.writeString(mended, "yes");
    boardClient.post(
        "/issues/" + issue + "/interactions/" + boardClient.interactions(issue).get(0).path("id").asText() + "/accept",
        Map.of());

    IssueAssertions.awaitSettled(boardClient, agent, issue, "done");
    assertThat(boardClient.runs(agent)).hasSize(runsBefore + 1);
    assertThat(boardClient.interactions(issue)).hasSize(1);
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void an_issue_that_another_live_run_of_the_agent_has_is_left_alone_and_the_next_one_is_taken() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "TwoRuns");
    Path release = installedDistribution.signalFile("release");
    String script = "grep -q 'Slow one' \"$HEARTBEAT_CONTEXT_FILE\" || { echo quick; exit 0; }\n"
        + "while [ ! -e " + release + " ]; do sleep 0.1; done; echo slow";
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("two-runs", script));
    String slow = boardClient.createIssue(Map.of("title", "Slow one", "status", "backlog"));
    boardClient.patch("/agents/" + agent, Map.of("adapterConfig", installedDistribution.shellAgentConfig(
        "two-runs", script, Map.of("PAPERCLIP_TASK_ID", slow))));
    boardClient.patch("/issues/" + slow, Map.of("status", "todo", "assigneeAgentId", agent));
    Await.until("the slow issue is in progress", () -> boardClient.issue(slow),
        () -> !boardClient.issue(slow).path("checkoutRunId").isNull()
            && boardClient.issueStatus(slow).equals("in_progress"));

    String quick = boardClient.createAssignedIssue("Quick one", agent);

    Await.until("there is a second run", () -> boardClient.runs(agent), () -> boardClient.runs(agent).size() == 2);
    String run = boardClient.runs(agent).get(0).path("id").asText();
    Await.until("the second run is over", () -> boardClient.issue(quick),
        () -> boardClient.get("/heartbeat-runs/" + run).path("status").asText().equals("succeeded"));
    assertThat(boardClient.issueStatus(quick)).isEqualTo("done");
    String log = boardClient.runLog(run);
    assertThat(log.lines().filter(line -> line.contains("409"))).singleElement().asString()
        .contains("another run of this agent has it");
    Files.writeString(release, "go");
    IssueAssertions.awaitSettled(boardClient, agent, slow, "done");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, slow);
    IssueAssertions.assertNoRecovery(boardClient, quick);
    assertThat(boardClient.agentComments(slow)).hasSize(1);
  }

  @Test
  void an_issue_with_open_blockers_is_refused_with_422_and_the_heartbeat_is_idle() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Blockers");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("blockers", "echo worked"));
    String blocker = boardClient.createIssue(Map.of("title", "First this", "status", "backlog"));
    String issue = boardClient.createIssue(Map.of("title", "Then that", "status", "blocked", "assigneeAgentId", agent,
        "blockedByIssueIds", List.of(blocker)));

    boardClient.post("/issues/" + issue + "/comments", Map.of("body", "How far are you?"));

    Await.until("a run has ended", () -> boardClient.runs(agent),
        () -> !boardClient.runs(agent).isEmpty() && IssueAssertions.allRunsOver(boardClient, agent));
    assertThat(boardClient.runLog(boardClient.runs(agent).get(0).path("id").asText())).contains("422").contains("idle");
    assertThat(boardClient.issueStatus(issue)).isEqualTo("blocked");
    assertThat(boardClient.agentComments(issue)).isEmpty();
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_subtask_for_a_report_blocks_the_parent_until_it_is_done() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Delegating");
    String goal = boardClient.createGoal("Ship it");
    String manager = boardClient.createAgent("Cora", installedDistribution.shellAgentConfig("manager", """
        grep -q '"kind":"unblocked"' "$HEARTBEAT_CONTEXT_FILE" && { echo 'The report has delivered.'; exit 0; }
        cat > "$HEARTBEAT_RESULT_FILE" <<'END'
        {"result": "blocked", "reason": "Wren writes the part.", "unblock": {"subtasks": true},
         "delegations": [{"title": "Write the part", "description": "All of it.", "assignee": "Wren"}]}
        END
        """));
    String report = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("report", "echo 'The part is written.'"), manager);

    String issue = boardClient
        .createIssue(Map.of("title", "Build the whole", "status", "todo", "assigneeAgentId", manager, "goalId", goal));

    IssueAssertions.awaitSettled(boardClient, manager, issue, "done");
    JsonNode subtask = BoardClient
        .toList(boardClient.get("/companies/" + boardClient.company() + "/issues?parentId=" + issue)).get(0);
    assertThat(BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/issues?parentId=" + issue)))
        .hasSize(1);
    assertThat(subtask.path("goalId").asText()).isEqualTo(goal);
    assertThat(subtask.path("assigneeAgentId").asText()).isEqualTo(report);
    assertThat(subtask.path("status").asText()).isEqualTo("done");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, manager, issue);
  }

  @Test
  void a_comment_wakes_the_agent_with_that_comment_as_the_trigger() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Commenting");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("commenting", """
        grep -q '"kind":"commented"' "$HEARTBEAT_CONTEXT_FILE" && { echo 'Blue it is.'; exit 0; }
        echo '{"result": "needs_review", "summary": "Which colour?", "review": {"card": {"prompt": "Red?"}}}' \
          > "$HEARTBEAT_RESULT_FILE"
        """));
    String issue = boardClient.createAssignedIssue("Paint", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "in_review");

    boardClient.post("/issues/" + issue + "/comments", Map.of("body", "Make it blue."));

    IssueAssertions.awaitSettled(boardClient, agent, issue, "done");
    assertThat(boardClient.agentComments(issue)).extracting(comment -> comment.path("body").asText())
        .containsExactly("Which colour?", "Blue it is.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_mention_on_somebody_elses_issue_gets_one_reply_and_nothing_else() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Mentioning");
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("mentioned", "echo 'I would use a queue.'"));
    String other = boardClient.createAgent("Pia", installedDistribution.shellAgentConfig("other", "echo never"), agent);
    boardClient.post("/agents/" + other + "/pause", Map.of());
    String issue = boardClient.createIssue(Map.of("title", "Pia's own", "status", "backlog", "assigneeAgentId", other));

    boardClient.post("/issues/" + issue + "/comments",
        Map.of("body", "[@Wren](agent://" + agent + ") any thoughts? It is yours now."));

    IssueAssertions.awaitSettledAfter(1, boardClient, agent, issue, "backlog");
    assertThat(boardClient.agentComments(issue)).singleElement()
        .satisfies(comment -> assertThat(comment.path("body").asText()).isEqualTo("I would use a queue."));
    assertThat(boardClient.issue(issue).path("assigneeAgentId").asText()).isEqualTo(other);
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_granted_approval_closes_the_issue_that_waited_for_nothing_else() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Approving");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("approving", """
        echo '{"result": "needs_review", "summary": "May I spend 42 dollars?",
               "review": {"approval": {"title": "Spend 42", "summary": "For a licence.", "then": "close"}}}' \
          > "$HEARTBEAT_RESULT_FILE"
        """));
    String issue = boardClient.createAssignedIssue("Buy the licence", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "in_review");
    String approval = BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/approvals")).get(0)
        .path("id").asText();

    boardClient.post("/approvals/" + approval + "/approve", Map.of("decisionNote", "Go ahead."));

    IssueAssertions.awaitSettled(boardClient, agent, issue, "done");
    assertThat(boardClient.agentComments(issue)).hasSize(2);
    assertThat(boardClient.agentComments(issue).get(1).path("body").asText()).contains("Spend 42")
        .contains("Go ahead.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_timers_wake_without_a_task_summons_a_run_for_the_assignment() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Timer");
    Path release = installedDistribution.signalFile("yield");
    String agent = boardClient.createAgent("Wren", Map.of("command", "/bin/sh",
        "args", List.of("-c", "while [ ! -e " + release + " ]; do sleep 0.1; done")));
    String issue = boardClient.createAssignedIssue("Rests", agent);
    Await.until("the issue is in progress", () -> boardClient.issue(issue),
        () -> boardClient.issueStatus(issue).equals("in_progress"));
    boardClient.patch("/issues/" + issue, Map.of("status", "todo"));
    Files.writeString(release, "go");
    IssueAssertions.awaitSettledAfter(1, boardClient, agent, issue, "todo");
    boardClient.patch("/agents/" + agent,
        Map.of("adapterConfig", installedDistribution.shellAgentConfig("timer", "echo 'Picked and done.'")));

    boardClient.post("/agents/" + agent + "/heartbeat/invoke", Map.of());

    IssueAssertions.awaitSettledAfter(3, boardClient, agent, issue, "done");
    assertThat(IssueAssertions.wakeReasons(boardClient, agent)).containsExactly("issue_assigned", "",
        "heartbeat4j_picked");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("Picked and done.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_handoff_to_a_person_stores_status_assignee_and_comment_and_ends_the_run() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "HandingOver");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("handing-over", """
        echo '{"result": "needs_review", "summary": "Over to you.", "review": {"person": "local-board"}}' \
          > "$HEARTBEAT_RESULT_FILE"
        """));

    String issue = boardClient.createAssignedIssue("Sign the contract", agent);

    IssueAssertions.awaitSettledAfter(1, boardClient, agent, issue, "in_review");
    JsonNode handed = boardClient.issue(issue);
    assertThat(handed.path("status").asText()).isEqualTo("in_review");
    assertThat(handed.path("assigneeUserId").asText()).isEqualTo("local-board");
    assertThat(handed.path("assigneeAgentId").isNull()).isTrue();
    assertThat(boardClient.agentComments(issue)).singleElement()
        .satisfies(comment -> assertThat(comment.path("body").asText()).isEqualTo("Over to you."));
    assertThat(boardClient.runs(agent)).singleElement().satisfies(run -> {
      assertThat(run.path("status").asText()).isEqualTo("cancelled");
      assertThat(run.path("errorCode").asText()).isEqualTo("issue_reassigned");
    });
    IssueAssertions.assertNoRecovery(boardClient, issue);
  }
}
