package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issue with a stage of review on a real server, worked and reviewed by two agents. */
class ReviewStagesTest {

  @TempDir
  static Path directory;

  @Test
  void work_goes_to_the_reviewer_back_for_changes_and_is_done_when_it_is_approved() throws IOException {
    InstalledDistribution installedDistribution = new InstalledDistribution(directory);
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Review");
    String executor = boardClient.createAgent("Wren", installedDistribution.shellAgentConfig("executor",
        "grep -q 'Add a test' \"$HEARTBEAT_CONTEXT_FILE\" && echo Tested. || echo Built."));
    String reviewer = boardClient.createAgent("Rhea", installedDistribution.shellAgentConfig("reviewer", """
        grep -q '"review":{"stage":"review"' "$HEARTBEAT_CONTEXT_FILE" || exit 1
        grep -q Tested "$HEARTBEAT_CONTEXT_FILE" && { echo Good.; exit 0; }
        echo '{"result": "request_changes", "comment": "Add a test."}' > "$HEARTBEAT_RESULT_FILE"
        """));

    String issue = boardClient.createIssue(Map.of("title", "Build it", "status", "todo", "assigneeAgentId", executor,
        "executionPolicy", Map.of("stages", List.of(Map.of(
            "type", "review", "participants", List.of(Map.of("type", "agent", "agentId", reviewer)))))));

    IssueAssertions.awaitSettledAfter(2, boardClient, reviewer, issue, "done");
    assertThat(IssueAssertions.agentCommentBodies(boardClient, issue)).containsExactly("Built.", "Add a test.",
        "Tested.", "Good.");
    assertThat(IssueAssertions.wakeReasons(boardClient, executor)).containsExactly("issue_assigned",
        "execution_changes_requested");
    assertThat(IssueAssertions.wakeReasons(boardClient, reviewer))
        .containsExactly("execution_review_requested", "execution_review_requested");
    IssueAssertions.assertNoRecovery(boardClient, issue);
  }
}
