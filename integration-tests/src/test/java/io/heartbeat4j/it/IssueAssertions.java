package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** What tests wait for and expect of an agent and its issue. */
final class IssueAssertions {

  private IssueAssertions() {}

  /** Waits until the issue has the status and the server has drawn all its conclusions from the agent's runs. */
  static void awaitSettled(BoardClient boardClient, String agent, String issue, String status) {
    Await.until("the issue is " + status + " and its runs are over", describeState(boardClient, agent, issue),
        () -> boardClient.issueStatus(issue).equals(status) && allRunsOver(boardClient, agent));
  }

  /** As {@link #awaitSettled}, when so many runs have been made. */
  static void awaitSettledAfter(int runs, BoardClient boardClient, String agent, String issue, String status) {
    Await.until("the issue is " + status + " after " + runs + " runs", describeState(boardClient, agent, issue),
        () -> boardClient.runs(agent).size() >= runs && boardClient.issueStatus(issue).equals(status)
            && allRunsOver(boardClient, agent));
    assertThat(boardClient.runs(agent)).hasSize(runs);
  }

  /** Whether no run of the agent is on its way, and the server has drawn its conclusions from all of them. */
  static boolean allRunsOver(BoardClient boardClient, String agent) {
    List<JsonNode> runs = boardClient.runs(agent);
    String noted = boardClient.get("/agents/" + agent).path("lastHeartbeatAt").asText("");
    return runs.stream().noneMatch(run -> List.of("queued", "running").contains(run.path("status").asText()))
        && runs.stream().filter(IssueAssertions::isNoted).allMatch(run -> !noted.isEmpty()
            && !Instant.parse(noted).isBefore(Instant.parse(run.path("finishedAt").asText())));
  }

  /**
   * Whether the server notes the end of such a run as the agent's heartbeat, which it does last, after what follows
   * from it: not of one that it has dropped before it began, nor of one whose process its sweep of stale locks found
   * gone, as after a server that was soon back.
   */
  private static boolean isNoted(JsonNode run) {
    return run.path("startedAt").isTextual() && !run.path("errorCode").asText().startsWith("orphaned_running_run");
  }

  static void assertRunsSucceededWithoutRecovery(BoardClient boardClient, String agent, String issue) {
    assertThat(boardClient.runs(agent)).allSatisfy(run -> assertThat(run.path("status").asText())
        .as(() -> boardClient.runLog(run.path("id").asText())).isEqualTo("succeeded"));
    assertNoRecovery(boardClient, issue);
  }

  static void assertNoRecovery(BoardClient boardClient, String issue) {
    JsonNode read = boardClient.issue(issue);
    assertThat(read.path("activeRecoveryAction").isNull()).as(read.path("activeRecoveryAction")::toString).isTrue();
    assertThat(read.path("executionBlocker").isNull()).as(read.path("executionBlocker")::toString).isTrue();
    assertThat(boardClient.comments(issue)).extracting(comment -> comment.path("authorType").asText())
        .doesNotContain("system");
  }

  /** The words of the agent's comments, oldest first. */
  static List<String> agentCommentBodies(BoardClient boardClient, String issue) {
    return boardClient.agentComments(issue).stream().map(comment -> comment.path("body").asText()).toList();
  }

  /** Why the agent was woken, oldest first. */
  static List<String> wakeReasons(BoardClient boardClient, String agent) {
    return boardClient.runs(agent).reversed().stream()
        .map(run -> run.path("contextSnapshot").path("wakeReason").asText("")).toList();
  }

  private static Supplier<String> describeState(BoardClient boardClient, String agent, String issue) {
    return () -> boardClient.issueStatus(issue) + ", runs " + boardClient.runs(agent).stream()
        .map(run -> run.path("status").asText() + " " + boardClient.runLog(run.path("id").asText())).toList();
  }
}
