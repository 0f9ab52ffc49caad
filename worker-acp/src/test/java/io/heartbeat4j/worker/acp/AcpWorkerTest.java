package io.heartbeat4j.worker.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Issues that a program of its own process works on, over the protocol's wire. */
@Timeout(60)
class AcpWorkerTest {

  private static final String DONE = "tool finish {\"status\": \"done\", \"summary\": \"The notes are written.\"}\n";

  @TempDir
  Path directory;

  @Test
  void an_issue_is_done_with_a_file_and_a_comment() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "-\nwrite notes.txt hello\n" + DONE)) {
      TestIssue worked = acp.company().issue("Write notes", "Into notes.txt.").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(worked.lastComment()).contains("The notes are written.").contains("Used");
      assertThat(acp.workspace.resolve("notes.txt")).hasContent("hello");
      assertThat(worked.progress()).contains("> write notes.txt");
      assertThat(acp.log()).contains("Into notes.txt.").contains("<data-");
      acp.nothingIsLeft();
    }
  }

  @Test
  void words_alone_are_reminded_of_once_and_then_for_a_person_to_judge() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "-\nsay All done, trust me!\n---\nsay Really done.\n")) {
      TestIssue worked = acp.company().issue("Write notes", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.lastComment()).contains("ended without a result").contains("> Really done.");
      assertThat(acp.log()).contains("the tool finish of the server heartbeat");
      acp.nothingIsLeft();
    }
  }

  @Test
  void done_without_a_tool_call_is_for_a_person_to_accept() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "-\n" + DONE)) {
      TestIssue worked = acp.company().issue("Write notes", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
    }
  }

  @Test
  void a_program_without_mcp_over_http_ends_with_a_block() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "nohttp\nwrite notes.txt hello\n"
        + "say Here:\\n```json\\n{\"tool\": \"finish\", \"arguments\": {\"status\": \"perhaps\", \"summary\": \"x\"}}\\n```\n"
        + "---\n"
        + "say Here:\\n```json\\n{\"tool\": \"finish\", \"arguments\": {\"status\": \"done\", \"summary\": \"By block.\"}}\\n```\n")) {
      TestIssue worked = acp.company().issue("Write notes", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(worked.lastComment()).contains("By block.");
      assertThat(acp.log()).contains("status is not 'perhaps'");
    }
  }

  @Test
  void a_program_that_does_not_connect_to_the_tools_that_it_takes_is_told_of_the_block() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "unlisted\nwrite notes.txt hello\nsay Done.\n---\n"
        + "say ```json\\n{\"tool\": \"finish\", \"arguments\": {\"status\": \"done\", \"summary\": \"By block.\"}}\\n```\n")) {
      TestIssue worked = acp.company().issue("Write notes", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(worked.lastComment()).contains("By block.");
      assertThat(worked.progress()).contains("tools: the program has not asked for them yet");
    }
  }

  @Test
  void red_checks_go_back_to_the_agent_and_then_to_a_person() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, Map.of("verify", List.of("test -f other.txt"), "corrections", 1),
        "-\nwrite notes.txt hello\n" + DONE + "---\n" + DONE)) {
      TestIssue worked = acp.company().issue("Write notes", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.lastComment()).contains("Verified by the runtime, and red").contains("test -f other.txt");
      assertThat(acp.log()).contains("checks are red: mend it");
    }
  }

  @Test
  void green_checks_stand_below_the_summary() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, Map.of("verify", List.of("test -f notes.txt")),
        "-\nwrite notes.txt hello\n" + DONE)) {
      TestIssue worked = acp.company().issue("Write notes", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(worked.lastComment()).contains("**Verified by the runtime**:").contains("test -f notes.txt");
    }
  }

  @Test
  void the_protocols_acts_are_tools() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, """
        -
        tool comment {"text": "Looking."}
        tool document {"key": "plan", "text": "1. Look"}
        tool delegate {"report": "Rita", "title": "The other half", "description": "All of it."}
        tool block {"reason": "Rita has a part.", "who": "subtasks"}
        """)) {
      acp.company().addReport("Rita");
      TestIssue worked = acp.company().issue("Write notes", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.comments()).anyMatch(comment -> comment.contains("Looking."));
      assertThat(worked.documentText("plan")).isEqualTo("1. Look");
      assertThat(worked.subtasks()).singleElement()
          .satisfies(task -> assertThat(task.title()).isEqualTo("The other half"));
    }
  }

  @Test
  void a_follow_up_comment_goes_on_with_the_session() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "loads\nwrite notes.txt hello\n" + DONE + "---\n" + DONE)) {
      TestIssue worked = acp.company().issue("Write notes", "The long description.").isWorked();
      TestIssue again = worked.comment("And in blue, please.");
      assertThat(again.status()).as(again.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(acp.log()).contains("session/load").contains("And in blue, please.")
          .containsOnlyOnce("The long description.").containsOnlyOnce("\"session/new\"");
      assertThat(again.toString()).doesNotContain("REPLAYED");
    }
  }

  @Test
  void a_program_that_offers_resume_and_does_not_have_it_loads_the_session() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "loads resumes\nwrite notes.txt hello\n" + DONE + "---\n" + DONE)) {
      TestIssue again = acp.company().issue("Write notes", "").isWorked().comment("In blue, please.");
      assertThat(again.status()).as(again.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(acp.log()).contains("session/resume").contains("session/load").containsOnlyOnce("\"session/new\"");
    }
  }

  @Test
  void a_lost_session_begins_anew_with_the_last_words() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "loads forgets\nwrite notes.txt hello\n" + DONE
        + "say The blue ink is in the drawer.\n---\n" + DONE)) {
      TestIssue worked = acp.company().issue("Write notes", "The long description.").isWorked();
      TestIssue again = worked.comment("And in blue, please.");
      assertThat(again.status()).as(again.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(acp.log()).contains("What was done so far").contains("The blue ink is in the drawer.");
    }
  }

  @Test
  void a_mention_is_answered_and_writes_nothing() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory,
        "-\nwrite notes.txt hello\ntool reply {\"text\": \"In the drawer.\"}\n")) {
      TestIssue worked = acp.company().issue("Where is it?").mention("Do you know?");
      assertThat(worked.lastComment()).isEqualTo("In the drawer.");
      assertThat(Files.exists(acp.workspace.resolve("notes.txt"))).isFalse();
    }
  }
}
