package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.Board;
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

  @TempDir static Path directory;
  private static Distribution distribution;

  @BeforeAll
  static void install() throws IOException {
    distribution = new Distribution(directory);
  }

  @Test
  void a_review_by_card_goes_on_with_the_answer() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Card");
    String agent = board.agent("Wren", distribution.working("card", onTrigger("answered",
        "grep -q '\"status\":\"accepted\"' \"$HEARTBEAT_CONTEXT_FILE\" && echo 'Merged.'", """
        {"result": "needs_review", "summary": "Ready.", "review": {"card": {"prompt": "Merge it?"}}}
        """)));
    String issue = board.assigned("Merge", agent);
    Expect.settled(board, agent, issue, "in_review");

    answer(board, issue, "accept", Map.of());

    Expect.settledBy(2, board, agent, issue, "done");
    assertThat(Expect.words(board, issue)).containsExactly("Ready.", "Merged.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_granted_approval_that_is_no_end_is_worked_with_the_decision_as_the_trigger() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Granted");
    String agent = board.agent("Wren", distribution.working("granted", onTrigger("decided", "echo 'Bought.'", """
        {"result": "needs_review", "summary": "May I?", "review": {"approval": {"title": "Spend 42", "summary": "A licence."}}}
        """)));
    String issue = board.assigned("Buy the licence", agent);
    Expect.settled(board, agent, issue, "in_review");

    decide(board, "approve", "Go ahead.");

    Expect.settledBy(2, board, agent, issue, "done");
    assertThat(Expect.words(board, issue)).containsExactly("May I?", "Bought.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void a_rejected_approval_leaves_the_issue_open_with_the_reason_and_a_card() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Rejected");
    String agent = board.agent("Wren", distribution.working("rejected", onTrigger("answered", "echo 'Found a free one.'", """
        {"result": "needs_review", "summary": "May I?", "review": {"approval": {"title": "Spend 42", "summary": "A licence."}}}
        """)));
    String issue = board.assigned("Buy the licence", agent);
    Expect.settled(board, agent, issue, "in_review");

    decide(board, "reject", "Too dear.");

    Expect.settledBy(2, board, agent, issue, "blocked");
    assertThat(Expect.words(board, issue)).hasSize(2);
    assertThat(Expect.words(board, issue).get(1)).contains("stays open").contains("rejected").contains("Too dear.");
    assertThat(board.cards(issue)).singleElement()
        .satisfies(card -> assertThat(card.path("status").asText()).isEqualTo("pending"));
    answer(board, issue, "accept", Map.of());
    Expect.settledBy(3, board, agent, issue, "done");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void an_issue_that_is_blocked_by_another_goes_on_when_that_is_done() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "ByIssues");
    String other = board.issue(Map.of("title", "The part", "status", "backlog"));
    String agent = board.agent("Wren", distribution.working("by-issues", onTrigger("unblocked", "echo 'Assembled.'", """
        {"result": "blocked", "reason": "The part is missing.", "unblock": {"issues": ["%s"]}}
        """.formatted(other))));
    String issue = board.assigned("Assemble", agent);
    Expect.settled(board, agent, issue, "blocked");
    assertThat(board.read(issue).path("blockedBy")).singleElement()
        .satisfies(blocker -> assertThat(blocker.path("id").asText()).isEqualTo(other));

    board.patch("/issues/" + other, Map.of("status", "done"));

    Expect.settledBy(2, board, agent, issue, "done");
    assertThat(Expect.wakeReasons(board, agent)).containsExactly("issue_assigned", "issue_blockers_resolved");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void an_issue_that_is_blocked_by_a_question_goes_on_with_the_choice() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "ByQuestion");
    String agent = board.agent("Wren", distribution.working("by-question", onTrigger("answered",
        "grep -q '\"optionIds\":\\[\"main\"\\]' \"$HEARTBEAT_CONTEXT_FILE\" && echo 'On main.'", """
        {"result": "blocked", "reason": "I need to know the branch.", "unblock": {"question": {"questions": [
          {"id": "branch", "prompt": "Which?", "options": [{"id": "main", "label": "Main"}, {"id": "next", "label": "Next"}]}]}}}
        """)));
    String issue = board.assigned("Release", agent);
    Expect.settled(board, agent, issue, "blocked");

    answer(board, issue, "respond", Map.of("answers", List.of(Map.of("questionId", "branch", "optionIds", List.of("main")))));

    Expect.settledBy(2, board, agent, issue, "done");
    assertThat(Expect.words(board, issue)).containsExactly("I need to know the branch.", "On main.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void an_issue_that_needs_the_manager_goes_on_when_the_manager_has_done_its_task() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "ByManager");
    String manager = board.agent("Cora", distribution.working("cora", "echo 'Bought one seat.'"));
    String agent = board.agent("Wren", distribution.working("by-manager", onTrigger("unblocked", "echo 'Done with it.'", """
        {"result": "blocked", "reason": "No licence.", "unblock": {"manager": {"title": "Buy a licence", "request": "One seat."}}}
        """)), manager);

    String issue = board.assigned("Use the tool", agent);

    Expect.settled(board, agent, issue, "done");
    JsonNode task = board.get("/companies/" + board.company() + "/issues?parentId=" + issue).get(0);
    assertThat(task.path("title").asText()).isEqualTo("Buy a licence");
    assertThat(task.path("assigneeAgentId").asText()).isEqualTo(manager);
    assertThat(task.path("status").asText()).isEqualTo("done");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, manager, task.path("id").asText());
  }

  @Test
  void an_issue_that_the_agent_unblocks_itself_is_taken_up_again_at_once() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "BySelf");
    String once = distribution.signal("tried").toString();
    String agent = board.agent("Wren", distribution.working("by-self", "test -e " + once + " && { echo 'The mirror is up.'; exit 0; }\n"
        + "touch " + once + "\n" + result("""
        {"result": "blocked", "reason": "The mirror is down.", "unblock": {"self": "Look again."}}
        """)));

    String issue = board.assigned("Fetch", agent);

    Expect.settledBy(2, board, agent, issue, "done");
    assertThat(Expect.words(board, issue)).containsExactly("The mirror is down.", "The mirror is up.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void an_issue_that_rests_until_later_is_taken_up_when_its_monitor_is_due() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Later");
    String once = distribution.signal("started").toString();
    String agent = board.agent("Wren", distribution.working("later", "test -e " + once + " && { echo 'The build is green.'; exit 0; }\n"
        + "touch " + once + "\n" + result("""
        {"result": "later", "reason": "The build takes a while.", "in": "PT1S"}
        """)));
    Instant begun = Instant.now();
    String issue = board.assigned("Build", agent);
    Expect.settled(board, agent, issue, "in_review");
    assertThat(Instant.parse(board.read(issue).path("monitorNextCheckAt").asText()))
        .isBetween(begun, begun.plus(Duration.ofMinutes(1)));

    Expect.settledBy(2, board, agent, issue, "done");

    assertThat(Expect.wakeReasons(board, agent)).containsExactly("issue_assigned", "issue_monitor_due");
    assertThat(Expect.words(board, issue)).containsExactly("The build takes a while.", "The build is green.");
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  @Test
  void what_the_work_cost_is_on_the_agents_account() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Cost");
    String agent = board.agent("Wren", distribution.working("cost", result("""
        {"result": "done", "summary": "Thought about it.", "usage": [
          {"provider": "acme", "model": "large", "inputTokens": 1000, "outputTokens": 20, "costUsd": 0.42},
          {"provider": "acme", "model": "large", "inputTokens": 500, "outputTokens": 10, "costUsd": 0.21}]}
        """)));

    String issue = board.assigned("Think", agent);

    Expect.settled(board, agent, issue, "done");
    assertThat(board.get("/agents/" + agent).path("spentMonthlyCents").asInt()).isEqualTo(63);
    assertThat(board.runs(agent)).hasSize(1);
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
  }

  /** A script that does this when the trigger is of that kind, and writes the result otherwise. */
  private static String onTrigger(String kind, String then, String result) {
    return "grep -q '\"kind\":\"" + kind + "\"' \"$HEARTBEAT_CONTEXT_FILE\" && { " + then + "; exit; }\n" + result(result);
  }

  private static String result(String json) {
    return "cat > \"$HEARTBEAT_RESULT_FILE\" <<'END'\n" + json + "END";
  }

  private static void answer(Board board, String issue, String how, Map<String, ?> body) {
    JsonNode card = board.cards(issue).stream()
        .filter(each -> each.path("status").asText().equals("pending")).findFirst().orElseThrow();
    board.post("/issues/" + issue + "/interactions/" + card.path("id").asText() + "/" + how, body);
  }

  private static void decide(Board board, String decision, String note) {
    String approval = board.get("/companies/" + board.company() + "/approvals").get(0).path("id").asText();
    board.post("/approvals/" + approval + "/" + decision, Map.of("decisionNote", note));
  }
}
