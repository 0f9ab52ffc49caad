package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a worker can leave an issue, and how a real server lets the agent go on. */
class WorkResultTest {

  @TempDir
  static Path directory;
  private static InstalledDistribution installedDistribution;

  @BeforeAll
  static void install() throws IOException {
    installedDistribution = new InstalledDistribution(directory);
  }

  @Test
  void a_review_by_card_goes_on_with_the_answer() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Card");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("card", onTrigger("answered",
        "grep -q '\"status\":\"accepted\"' \"$HEARTBEAT_CONTEXT_FILE\" && echo 'Merged.'", """
        {"result": "needs_review", "summary": "Ready.", "review": {"card": {"prompt": "Merge it?"}}}
        """)));
    String issue = boardClient.createAssignedIssue("Merge", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "in_review");

    answer(boardClient, issue, "accept", Map.of());

    IssueAssertions.awaitSettledAfter(2, boardClient, agent, issue, "done");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("Ready.", "Merged.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_granted_approval_that_is_no_end_is_worked_with_the_decision_as_the_trigger() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Granted");
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("granted", onTrigger("decided", "echo 'Bought.'", """
        {"result": "needs_review", "summary": "May I?", "review": {"approval": {"title": "Spend 42", "summary": "A licence."}}}
        """)));
    String issue = boardClient.createAssignedIssue("Buy the licence", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "in_review");

    decide(boardClient, "approve", "Go ahead.");

    IssueAssertions.awaitSettledAfter(2, boardClient, agent, issue, "done");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("May I?", "Bought.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void a_rejected_approval_leaves_the_issue_open_with_the_reason_and_a_card() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Rejected");
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("rejected", onTrigger("answered", "echo 'Found a free one.'", """
        {"result": "needs_review", "summary": "May I?", "review": {"approval": {"title": "Spend 42", "summary": "A licence."}}}
        """)));
    String issue = boardClient.createAssignedIssue("Buy the licence", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "in_review");

    decide(boardClient, "reject", "Too dear.");

    IssueAssertions.awaitSettledAfter(2, boardClient, agent, issue, "blocked");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).hasSize(2);
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue).get(1)).contains("stays open")
        .contains("rejected").contains("Too dear.");
    assertThat(boardClient.interactions(issue)).singleElement()
        .satisfies(card -> assertThat(card.path("status").asText()).isEqualTo("pending"));
    answer(boardClient, issue, "accept", Map.of());
    IssueAssertions.awaitSettledAfter(3, boardClient, agent, issue, "done");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void an_issue_that_is_blocked_by_another_goes_on_when_that_is_done() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "ByIssues");
    String other = boardClient.createIssue(Map.of("title", "The part", "status", "backlog"));
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("by-issues", onTrigger("unblocked", "echo 'Assembled.'", """
        {"result": "blocked", "reason": "The part is missing.", "unblock": {"issues": ["%s"]}}
        """.formatted(other))));
    String issue = boardClient.createAssignedIssue("Assemble", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "blocked");
    assertThat(boardClient.issue(issue).path("blockedBy")).singleElement()
        .satisfies(blocker -> assertThat(blocker.path("id").asText()).isEqualTo(other));

    boardClient.patch("/issues/" + other, Map.of("status", "done"));

    IssueAssertions.awaitSettledAfter(2, boardClient, agent, issue, "done");
    assertThat(IssueAssertions.wakeReasons(boardClient, agent)).containsExactly("issue_assigned",
        "issue_blockers_resolved");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void an_issue_that_is_blocked_by_a_question_goes_on_with_the_choice() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "ByQuestion");
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("by-question", onTrigger("answered",
            "grep -q '\"optionIds\":\\[\"main\"\\]' \"$HEARTBEAT_CONTEXT_FILE\" && echo 'On main.'", """
        {"result": "blocked", "reason": "I need to know the branch.", "unblock": {"question": {"questions": [
          {"id": "branch", "prompt": "Which?", "options": [{"id": "main", "label": "Main"}, {"id": "next", "label": "Next"}]}]}}}
        """)));
    String issue = boardClient.createAssignedIssue("Release", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "blocked");

    answer(boardClient, issue, "respond",
        Map.of("answers", List.of(Map.of("questionId", "branch", "optionIds", List.of("main")))));

    IssueAssertions.awaitSettledAfter(2, boardClient, agent, issue, "done");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("I need to know the branch.",
        "On main.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void an_issue_that_needs_the_manager_goes_on_when_the_manager_has_done_its_task() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "ByManager");
    String manager = boardClient.createAgent("Cora",
        installedDistribution.shellAgentConfig("cora", "echo 'Bought one seat.'"));
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("by-manager", onTrigger("unblocked", "echo 'Done with it.'", """
        {"result": "blocked", "reason": "No licence.", "unblock": {"manager": {"title": "Buy a licence", "request": "One seat."}}}
        """)), manager);

    String issue = boardClient.createAssignedIssue("Use the tool", agent);

    IssueAssertions.awaitSettled(boardClient, agent, issue, "done");
    JsonNode task = boardClient.get("/companies/" + boardClient.company() + "/issues?parentId=" + issue).get(0);
    assertThat(task.path("title").asText()).isEqualTo("Buy a licence");
    assertThat(task.path("assigneeAgentId").asText()).isEqualTo(manager);
    assertThat(task.path("status").asText()).isEqualTo("done");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, manager, task.path("id").asText());
  }

  @Test
  void an_issue_that_the_agent_unblocks_itself_is_taken_up_again_at_once() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "BySelf");
    String once = installedDistribution.signalFile("tried").toString();
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("by-self",
            "test -e " + once + " && { echo 'The mirror is up.'; exit 0; }\n"
                + "touch " + once + "\n" + result("""
        {"result": "blocked", "reason": "The mirror is down.", "unblock": {"self": "Look again."}}
        """)));

    String issue = boardClient.createAssignedIssue("Fetch", agent);

    IssueAssertions.awaitSettledAfter(2, boardClient, agent, issue, "done");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("The mirror is down.",
        "The mirror is up.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void an_issue_that_rests_until_later_is_taken_up_when_its_monitor_is_due() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Later");
    String once = installedDistribution.signalFile("started").toString();
    String agent = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig("later",
            "test -e " + once + " && { echo 'The build is green.'; exit 0; }\n"
                + "touch " + once + "\n" + result("""
        {"result": "later", "reason": "The build takes a while.", "in": "PT1S"}
        """)));
    Instant begun = Instant.now();
    String issue = boardClient.createAssignedIssue("Build", agent);
    IssueAssertions.awaitSettled(boardClient, agent, issue, "in_review");
    assertThat(Instant.parse(boardClient.issue(issue).path("monitorNextCheckAt").asText()))
        .isBetween(begun, begun.plus(Duration.ofMinutes(1)));

    IssueAssertions.awaitSettledAfter(2, boardClient, agent, issue, "done");

    assertThat(IssueAssertions.wakeReasons(boardClient, agent)).containsExactly("issue_assigned", "issue_monitor_due");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("The build takes a while.",
        "The build is green.");
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  @Test
  void what_the_work_cost_is_on_the_agents_account() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Cost");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("cost", result("""
        {"result": "done", "summary": "Thought about it.", "usage": [
          {"provider": "acme", "model": "large", "inputTokens": 1000, "outputTokens": 20, "costUsd": 0.42},
          {"provider": "acme", "model": "large", "inputTokens": 500, "outputTokens": 10, "costUsd": 0.21}]}
        """)));

    String issue = boardClient.createAssignedIssue("Think", agent);

    IssueAssertions.awaitSettled(boardClient, agent, issue, "done");
    assertThat(boardClient.get("/agents/" + agent).path("spentMonthlyCents").asInt()).isEqualTo(63);
    assertThat(boardClient.runs(agent)).hasSize(1);
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
  }

  /** A script that does this when the trigger is of that kind, and writes the result otherwise. */
  private static String onTrigger(String kind, String then, String result) {
    return "grep -q '\"kind\":\"" + kind + "\"' \"$HEARTBEAT_CONTEXT_FILE\" && { " + then + "; exit; }\n"
        + result(result);
  }

  private static String result(String json) {
    return "cat > \"$HEARTBEAT_RESULT_FILE\" <<'END'\n" + json + "END";
  }

  private static void answer(BoardClient boardClient, String issue, String how, Map<String, ?> body) {
    JsonNode card = boardClient.interactions(issue).stream()
        .filter(each -> each.path("status").asText().equals("pending")).findFirst().orElseThrow();
    boardClient.post("/issues/" + issue + "/interactions/" + card.path("id").asText() + "/" + how, body);
  }

  private static void decide(BoardClient boardClient, String decision, String note) {
    String approval = boardClient.get("/companies/" + boardClient.company() + "/approvals").get(0).path("id").asText();
    boardClient.post("/approvals/" + approval + "/" + decision, Map.of("decisionNote", note));
  }
}
