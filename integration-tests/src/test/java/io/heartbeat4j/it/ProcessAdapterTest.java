package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.Board;
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

  @TempDir static Path directory;
  private static Distribution distribution;

  @BeforeAll
  static void install() throws IOException {
    distribution = new Distribution(directory);
  }

  @Test
  void an_assigned_issue_ends_done_with_one_comment() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Simple");
    String agent = board.agent("Wren", distribution.working("simple", "echo 'Greeted the world, as asked.'"));

    String issue = board.assigned("Say hello", agent);

    Expect.settled(board, agent, issue, "done");
    assertThat(board.agentComments(issue)).singleElement()
        .satisfies(comment -> assertThat(comment.path("body").asText()).isEqualTo("Greeted the world, as asked."));
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_failing_worker_blocks_the_issue_with_one_card_and_resumes_when_it_is_accepted() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Failing");
    Path mended = distribution.signal("mended");
    String agent = board.agent("Wren", distribution.working(
        "failing", "test -e " + mended + " && echo 'Works now.' && exit 0; echo 'no such table: t' >&2; exit 3"));
    String issue = board.assigned("Migrate", agent);

    Expect.settled(board, agent, issue, "blocked");
    assertThat(board.agentComments(issue)).singleElement().satisfies(comment ->
        assertThat(comment.path("body").asText()).contains("exit code 3").contains("no such table: t"));
    assertThat(board.cards(issue)).singleElement()
        .satisfies(card -> assertThat(card.path("status").asText()).isEqualTo("pending"));
    int runsBefore = board.runs(agent).size();

    Files.writeString(mended, "yes");
    board.post("/issues/" + issue + "/interactions/" + board.cards(issue).get(0).path("id").asText() + "/accept", Map.of());

    Expect.settled(board, agent, issue, "done");
    assertThat(board.runs(agent)).hasSize(runsBefore + 1);
    assertThat(board.cards(issue)).hasSize(1);
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void an_issue_that_another_live_run_of_the_agent_has_is_left_alone_and_the_next_one_is_taken() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "TwoRuns");
    Path release = distribution.signal("release");
    String script = "grep -q 'Slow one' \"$HEARTBEAT_CONTEXT_FILE\" || { echo quick; exit 0; }\n"
        + "while [ ! -e " + release + " ]; do sleep 0.1; done; echo slow";
    String agent = board.agent("Wren", distribution.working("two-runs", script));
    String slow = board.issue(Map.of("title", "Slow one", "status", "backlog"));
    board.patch("/agents/" + agent, Map.of("adapterConfig", distribution.working(
        "two-runs", script, Map.of("PAPERCLIP_TASK_ID", slow))));
    board.patch("/issues/" + slow, Map.of("status", "todo", "assigneeAgentId", agent));
    Eventually.until("the slow issue is in progress", () -> board.read(slow), () ->
        !board.read(slow).path("checkoutRunId").isNull() && board.status(slow).equals("in_progress"));

    String quick = board.assigned("Quick one", agent);

    Eventually.until("there is a second run", () -> board.runs(agent), () -> board.runs(agent).size() == 2);
    String run = board.runs(agent).get(0).path("id").asText();
    Eventually.until("the second run is over", () -> board.read(quick), () ->
        board.get("/heartbeat-runs/" + run).path("status").asText().equals("succeeded"));
    assertThat(board.status(quick)).isEqualTo("done");
    String log = board.log(run);
    assertThat(log.lines().filter(line -> line.contains("409"))).singleElement().asString()
        .contains("another run of this agent has it");
    Files.writeString(release, "go");
    Expect.settled(board, agent, slow, "done");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, slow);
    Expect.nothingNeedsRecovery(board, quick);
    assertThat(board.agentComments(slow)).hasSize(1);
  }

  @Test
  void an_issue_with_open_blockers_is_refused_with_422_and_the_heartbeat_is_idle() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Blockers");
    String agent = board.agent("Wren", distribution.working("blockers", "echo worked"));
    String blocker = board.issue(Map.of("title", "First this", "status", "backlog"));
    String issue = board.issue(Map.of("title", "Then that", "status", "blocked", "assigneeAgentId", agent,
        "blockedByIssueIds", List.of(blocker)));

    board.post("/issues/" + issue + "/comments", Map.of("body", "How far are you?"));

    Eventually.until("a run has ended", () -> board.runs(agent), () -> !board.runs(agent).isEmpty() && Expect.allOver(board, agent));
    assertThat(board.log(board.runs(agent).get(0).path("id").asText())).contains("422").contains("idle");
    assertThat(board.status(issue)).isEqualTo("blocked");
    assertThat(board.agentComments(issue)).isEmpty();
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_subtask_for_a_report_blocks_the_parent_until_it_is_done() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Delegating");
    String goal = board.goal("Ship it");
    String manager = board.agent("Cora", distribution.working("manager", """
        grep -q '"kind":"unblocked"' "$HEARTBEAT_CONTEXT_FILE" && { echo 'The report has delivered.'; exit 0; }
        cat > "$HEARTBEAT_RESULT_FILE" <<'END'
        {"result": "blocked", "reason": "Wren writes the part.", "unblock": {"subtasks": true},
         "delegations": [{"title": "Write the part", "description": "All of it.", "assignee": "Wren"}]}
        END
        """));
    String report = board.agent("Wren", distribution.working("report", "echo 'The part is written.'"), manager);

    String issue = board.issue(Map.of("title", "Build the whole", "status", "todo", "assigneeAgentId", manager, "goalId", goal));

    Expect.settled(board, manager, issue, "done");
    JsonNode subtask = Board.list(board.get("/companies/" + board.company() + "/issues?parentId=" + issue)).get(0);
    assertThat(Board.list(board.get("/companies/" + board.company() + "/issues?parentId=" + issue))).hasSize(1);
    assertThat(subtask.path("goalId").asText()).isEqualTo(goal);
    assertThat(subtask.path("assigneeAgentId").asText()).isEqualTo(report);
    assertThat(subtask.path("status").asText()).isEqualTo("done");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, manager, issue);
  }

  @Test
  void a_comment_wakes_the_agent_with_that_comment_as_the_trigger() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Commenting");
    String agent = board.agent("Wren", distribution.working("commenting", """
        grep -q '"kind":"commented"' "$HEARTBEAT_CONTEXT_FILE" && { echo 'Blue it is.'; exit 0; }
        echo '{"result": "needs_review", "summary": "Which colour?", "review": {"card": {"prompt": "Red?"}}}' \
          > "$HEARTBEAT_RESULT_FILE"
        """));
    String issue = board.assigned("Paint", agent);
    Expect.settled(board, agent, issue, "in_review");

    board.post("/issues/" + issue + "/comments", Map.of("body", "Make it blue."));

    Expect.settled(board, agent, issue, "done");
    assertThat(board.agentComments(issue)).extracting(comment -> comment.path("body").asText())
        .containsExactly("Which colour?", "Blue it is.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_mention_on_somebody_elses_issue_gets_one_reply_and_nothing_else() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Mentioning");
    String agent = board.agent("Wren", distribution.working("mentioned", "echo 'I would use a queue.'"));
    String other = board.agent("Pia", distribution.working("other", "echo never"), agent);
    board.post("/agents/" + other + "/pause", Map.of());
    String issue = board.issue(Map.of("title", "Pia's own", "status", "backlog", "assigneeAgentId", other));

    board.post("/issues/" + issue + "/comments", Map.of("body", "[@Wren](agent://" + agent + ") any thoughts? It is yours now."));

    Expect.settledBy(1, board, agent, issue, "backlog");
    assertThat(board.agentComments(issue)).singleElement()
        .satisfies(comment -> assertThat(comment.path("body").asText()).isEqualTo("I would use a queue."));
    assertThat(board.read(issue).path("assigneeAgentId").asText()).isEqualTo(other);
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_granted_approval_closes_the_issue_that_waited_for_nothing_else() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Approving");
    String agent = board.agent("Wren", distribution.working("approving", """
        echo '{"result": "needs_review", "summary": "May I spend 42 dollars?",
               "review": {"approval": {"title": "Spend 42", "summary": "For a licence.", "then": "close"}}}' \
          > "$HEARTBEAT_RESULT_FILE"
        """));
    String issue = board.assigned("Buy the licence", agent);
    Expect.settled(board, agent, issue, "in_review");
    String approval = Board.list(board.get("/companies/" + board.company() + "/approvals")).get(0).path("id").asText();

    board.post("/approvals/" + approval + "/approve", Map.of("decisionNote", "Go ahead."));

    Expect.settled(board, agent, issue, "done");
    assertThat(board.agentComments(issue)).hasSize(2);
    assertThat(board.agentComments(issue).get(1).path("body").asText()).contains("Spend 42").contains("Go ahead.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_timers_wake_without_a_task_summons_a_run_for_the_assignment() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Timer");
    Path release = distribution.signal("yield");
    String agent = board.agent("Wren", Map.of("command", "/bin/sh",
        "args", List.of("-c", "while [ ! -e " + release + " ]; do sleep 0.1; done")));
    String issue = board.assigned("Rests", agent);
    Eventually.until("the issue is in progress", () -> board.read(issue), () -> board.status(issue).equals("in_progress"));
    board.patch("/issues/" + issue, Map.of("status", "todo"));
    Files.writeString(release, "go");
    Expect.settledBy(1, board, agent, issue, "todo");
    board.patch("/agents/" + agent, Map.of("adapterConfig", distribution.working("timer", "echo 'Picked and done.'")));

    board.post("/agents/" + agent + "/heartbeat/invoke", Map.of());

    Expect.settledBy(3, board, agent, issue, "done");
    assertThat(Expect.wakeReasons(board, agent)).containsExactly("issue_assigned", "", "heartbeat4j_picked");
    assertThat(Expect.words(board, issue)).containsExactly("Picked and done.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_handoff_to_a_person_stores_status_assignee_and_comment_and_ends_the_run() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "HandingOver");
    String agent = board.agent("Wren", distribution.working("handing-over", """
        echo '{"result": "needs_review", "summary": "Over to you.", "review": {"person": "local-board"}}' \
          > "$HEARTBEAT_RESULT_FILE"
        """));

    String issue = board.assigned("Sign the contract", agent);

    Expect.settledBy(1, board, agent, issue, "in_review");
    JsonNode handed = board.read(issue);
    assertThat(handed.path("status").asText()).isEqualTo("in_review");
    assertThat(handed.path("assigneeUserId").asText()).isEqualTo("local-board");
    assertThat(handed.path("assigneeAgentId").isNull()).isTrue();
    assertThat(board.agentComments(issue)).singleElement()
        .satisfies(comment -> assertThat(comment.path("body").asText()).isEqualTo("Over to you."));
    assertThat(board.runs(agent)).singleElement().satisfies(run -> {
      assertThat(run.path("status").asText()).isEqualTo("cancelled");
      assertThat(run.path("errorCode").asText()).isEqualTo("issue_reassigned");
    });
    Expect.nothingNeedsRecovery(board, issue);
  }
}
