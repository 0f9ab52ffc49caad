package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.demo.Board;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issue with a stage of review on a real server, worked and reviewed by two agents. */
class ReviewStagesTest {

  @TempDir static Path directory;

  @Test
  void work_goes_to_the_reviewer_back_for_changes_and_is_done_when_it_is_approved() throws IOException {
    Distribution distribution = new Distribution(directory);
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Review");
    String executor = board.agent("Wren", distribution.working("executor",
        "grep -q 'Add a test' \"$HEARTBEAT_CONTEXT_FILE\" && echo Tested. || echo Built."));
    String reviewer = board.agent("Rhea", distribution.working("reviewer", """
        grep -q '"review":{"stage":"review"' "$HEARTBEAT_CONTEXT_FILE" || exit 1
        grep -q Tested "$HEARTBEAT_CONTEXT_FILE" && { echo Good.; exit 0; }
        echo '{"result": "request_changes", "comment": "Add a test."}' > "$HEARTBEAT_RESULT_FILE"
        """));

    String issue = board.issue(Map.of("title", "Build it", "status", "todo", "assigneeAgentId", executor,
        "executionPolicy", Map.of("stages", List.of(Map.of(
            "type", "review", "participants", List.of(Map.of("type", "agent", "agentId", reviewer)))))));

    Expect.settledBy(2, board, reviewer, issue, "done");
    assertThat(Expect.words(board, issue)).containsExactly("Built.", "Add a test.", "Tested.", "Good.");
    assertThat(Expect.wakeReasons(board, executor)).containsExactly("issue_assigned", "execution_changes_requested");
    assertThat(Expect.wakeReasons(board, reviewer))
        .containsExactly("execution_review_requested", "execution_review_requested");
    Expect.nothingNeedsRecovery(board, issue);
  }
}
