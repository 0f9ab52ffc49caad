package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.demo.Board;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issue that the board has paused, on a real server. */
class PauseTest {

  @TempDir static Path directory;

  @Test
  void a_paused_issue_is_left_alone_and_not_asked_for_again_and_is_worked_when_it_is_resumed() throws IOException {
    Distribution distribution = new Distribution(directory);
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Pause");
    String agent = board.agent("Wren", distribution.working("paused", "echo Built."));
    board.post("/agents/" + agent + "/pause", Map.of());
    String issue = board.assigned("Build it", agent);
    String hold = board.post("/issues/" + issue + "/tree-holds", Map.of("mode", "pause", "reason", "not now"))
        .at("/hold/id").asText();
    board.post("/agents/" + agent + "/resume", Map.of());

    invoke(1, board, agent);
    // the server starts no run of a paused issue: another one's is sent there by its variables
    configure(board, agent, distribution.working("paused", "echo Built.", Map.of("PAPERCLIP_TASK_ID", issue)));
    Expect.settledBy(2, board, agent, board.assigned("Another one", agent), "done");
    configure(board, agent, distribution.working("paused", "echo Built."));
    invoke(3, board, agent);

    assertThat(board.status(issue)).isEqualTo("todo");
    assertThat(Expect.words(board, issue)).isEmpty();
    Expect.everyRunSucceededAndNothingNeedsRecovery(board, agent, issue);
    List<String> logs = logs(board, agent);
    assertThat(logs.get(0)).contains("the server starts no run").contains("= idle");
    assertThat(logs.get(1)).contains("409: it or an issue above it is paused; the board resumes it; not asked again");
    assertThat(logs.get(2)).contains("it was somebody else's or paused (409); left alone until");

    board.post("/issues/" + issue + "/tree-holds/" + hold + "/release", Map.of());
    board.post("/issues/" + issue + "/comments", Map.of("body", "Go on."));

    Expect.settledBy(4, board, agent, issue, "done");
    assertThat(Expect.words(board, issue)).containsExactly("Built.");
  }

  private static void configure(Board board, String agent, Map<String, Object> adapter) {
    board.patch("/agents/" + agent, Map.of("adapterConfig", adapter));
  }

  /** Wakes the agent without a task, and waits until so many runs are over. */
  private static void invoke(int runs, Board board, String agent) {
    board.post("/agents/" + agent + "/heartbeat/invoke", Map.of());
    Eventually.until(runs + " runs are over", () -> logs(board, agent),
        () -> board.runs(agent).size() >= runs && Expect.allOver(board, agent));
    assertThat(board.runs(agent)).hasSize(runs);
  }

  /** What the runs have said, oldest first. */
  private static List<String> logs(Board board, String agent) {
    return board.runs(agent).reversed().stream().map(run -> board.log(run.path("id").asText())).toList();
  }
}
