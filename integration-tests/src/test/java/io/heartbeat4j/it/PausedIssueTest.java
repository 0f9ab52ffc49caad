package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issue that the board has paused, on a real server. */
class PausedIssueTest {

  @TempDir
  static Path directory;

  @Test
  void a_paused_issue_is_left_alone_and_not_asked_for_again_and_is_worked_when_it_is_resumed() throws IOException {
    InstalledDistribution installedDistribution = new InstalledDistribution(directory);
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Pause");
    String agent = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("paused", "echo Built."));
    boardClient.post("/agents/" + agent + "/pause", Map.of());
    String issue = boardClient.createAssignedIssue("Build it", agent);
    String hold = boardClient.post("/issues/" + issue + "/tree-holds", Map.of("mode", "pause", "reason", "not now"))
        .at("/hold/id").asText();
    boardClient.post("/agents/" + agent + "/resume", Map.of());

    invoke(1, boardClient, agent);
    // the server starts no run of a paused issue: another one's is sent there by its variables
    configure(boardClient, agent,
        installedDistribution.shellAgentConfig("paused", "echo Built.", Map.of("PAPERCLIP_TASK_ID", issue)));
    IssueAssertions.awaitSettledAfter(2, boardClient, agent, boardClient.createAssignedIssue("Another one", agent),
        "done");
    configure(boardClient, agent, installedDistribution.shellAgentConfig("paused", "echo Built."));
    invoke(3, boardClient, agent);

    assertThat(boardClient.issueStatus(issue)).isEqualTo("todo");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).isEmpty();
    IssueAssertions.assertRunsSucceededWithoutRecovery(boardClient, agent, issue);
    List<String> logs = logs(boardClient, agent);
    assertThat(logs.get(0)).contains("the server starts no run").contains("= idle");
    assertThat(logs.get(1)).contains("409: it or an issue above it is paused; the board resumes it; not asked again");
    assertThat(logs.get(2)).contains("it was somebody else's or paused (409); left alone until");

    boardClient.post("/issues/" + issue + "/tree-holds/" + hold + "/release", Map.of());
    boardClient.post("/issues/" + issue + "/comments", Map.of("body", "Go on."));

    IssueAssertions.awaitSettledAfter(4, boardClient, agent, issue, "done");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("Built.");
  }

  private static void configure(BoardClient boardClient, String agent, Map<String, Object> adapter) {
    boardClient.patch("/agents/" + agent, Map.of("adapterConfig", adapter));
  }

  /** Wakes the agent without a task, and waits until so many runs are over. */
  private static void invoke(int runs, BoardClient boardClient, String agent) {
    boardClient.post("/agents/" + agent + "/heartbeat/invoke", Map.of());
    Await.until(runs + " runs are over", () -> logs(boardClient, agent),
        () -> boardClient.runs(agent).size() >= runs && IssueAssertions.allRunsOver(boardClient, agent));
    assertThat(boardClient.runs(agent)).hasSize(runs);
  }

  /** What the runs have said, oldest first. */
  private static List<String> logs(BoardClient boardClient, String agent) {
    return boardClient.runs(agent).reversed().stream().map(run -> boardClient.runLog(run.path("id").asText())).toList();
  }
}
