package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.Board;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** What tests wait for and expect of an agent and its issue. */
final class Expect {

  private Expect() {}

  /** Waits until the issue has the status and the server has drawn all its conclusions from the agent's runs. */
  static void settled(Board board, String agent, String issue, String status) {
    Eventually.until("the issue is " + status + " and its runs are over", shown(board, agent, issue),
        () -> board.status(issue).equals(status) && allOver(board, agent));
  }

  /** As {@link #settled}, when so many runs have been made. */
  static void settledBy(int runs, Board board, String agent, String issue, String status) {
    Eventually.until("the issue is " + status + " after " + runs + " runs", shown(board, agent, issue),
        () -> board.runs(agent).size() >= runs && board.status(issue).equals(status) && allOver(board, agent));
    assertThat(board.runs(agent)).hasSize(runs);
  }

  /** Whether no run of the agent is on its way, and the server has drawn its conclusions from all of them. */
  static boolean allOver(Board board, String agent) {
    List<JsonNode> runs = board.runs(agent);
    String noted = board.get("/agents/" + agent).path("lastHeartbeatAt").asText("");
    return runs.stream().noneMatch(run -> List.of("queued", "running").contains(run.path("status").asText()))
        && runs.stream().filter(Expect::isNoted).allMatch(run -> !noted.isEmpty()
            && !Instant.parse(noted).isBefore(Instant.parse(run.path("finishedAt").asText())));
  }

  /**
   * Whether the server notes the end of such a run as the agent's heartbeat, which it does last, after what follows from it:
   * not of one that it has dropped before it began, nor of one whose process its sweep of stale locks found gone, as after a
   * server that was soon back.
   */
  private static boolean isNoted(JsonNode run) {
    return run.path("startedAt").isTextual() && !run.path("errorCode").asText().startsWith("orphaned_running_run");
  }

  static void everyRunSucceededAndNothingNeedsRecovery(Board board, String agent, String issue) {
    assertThat(board.runs(agent)).allSatisfy(run ->
        assertThat(run.path("status").asText()).as(() -> board.log(run.path("id").asText())).isEqualTo("succeeded"));
    nothingNeedsRecovery(board, issue);
  }

  static void nothingNeedsRecovery(Board board, String issue) {
    JsonNode read = board.read(issue);
    assertThat(read.path("activeRecoveryAction").isNull()).as(read.path("activeRecoveryAction")::toString).isTrue();
    assertThat(read.path("executionBlocker").isNull()).as(read.path("executionBlocker")::toString).isTrue();
    assertThat(board.comments(issue)).extracting(comment -> comment.path("authorType").asText()).doesNotContain("system");
  }

  /** The words of the agent's comments, oldest first. */
  static List<String> words(Board board, String issue) {
    return board.agentComments(issue).stream().map(comment -> comment.path("body").asText()).toList();
  }

  /** Why the agent was woken, oldest first. */
  static List<String> wakeReasons(Board board, String agent) {
    return board.runs(agent).reversed().stream()
        .map(run -> run.path("contextSnapshot").path("wakeReason").asText("")).toList();
  }

  private static Supplier<String> shown(Board board, String agent, String issue) {
    return () -> board.status(issue) + ", runs " + board.runs(agent).stream().map(run ->
        run.path("status").asText() + " " + board.log(run.path("id").asText())).toList();
  }
}
