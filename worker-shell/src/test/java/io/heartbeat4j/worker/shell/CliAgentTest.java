package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.HeartbeatEvent;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.WorkedIssue;
import io.heartbeat4j.testkit.WorkerKit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents' programs, played back from event streams of their shape: progress, usage, sessions and results. */
class CliAgentTest {

  @TempDir private Path workspace = Path.of("none");

  @Test
  void claude_shows_its_progress_tells_its_cost_and_its_result_is_read() throws Exception {
    try (WorkerKit kit = playing("claude", "claude-done.jsonl")) {
      WorkedIssue worked = kit.work("Mend the greeting", "It says Helo.");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(worked.lastComment()).isEqualTo("Mended the greeting.");
      assertThat(worked.progress()).contains("I look at the greeting first.", "> Read greeting.txt");
      assertThat(worked.timeline().toString()).contains("6220 tokens, claude-sonnet-4-5");
      assertThat(kit.spentCents()).isEqualTo(3);
    }
  }

  @Test
  void prose_of_claude_is_for_a_person_to_look_at_and_its_session_goes_on_after_the_answer() throws Exception {
    try (WorkerKit kit = playing("claude", "claude-prose.jsonl")) {
      WorkedIssue worked = kit.work("Mend the greeting", "It says Helo.");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.lastComment()).isEqualTo("All done, everything works!");
      assertThat(worked.timeline()).filteredOn(event -> event.kind() == HeartbeatEvent.Kind.SESSION)
          .extracting(HeartbeatEvent::message).containsExactly("7a1c7a0e-0002");
      assertThat(Files.readString(workspace.resolve("sessions"))).isEqualTo("first\n");
      kit.accept(worked);
      assertThat(Files.readString(workspace.resolve("sessions"))).isEqualTo("first\n7a1c7a0e-0002\n");
    }
  }

  @Test
  void a_used_up_subscription_is_waited_for() throws Exception {
    try (WorkerKit kit = playing("claude", "claude-limit.jsonl")) {
      WorkedIssue worked = kit.work("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.issue().monitorNextCheckAt()).isEqualTo(Instant.ofEpochSecond(4102444800L));
    }
  }

  @Test
  void a_run_that_failed_blocks_the_issue_and_its_session_is_not_gone_on_with() throws Exception {
    try (WorkerKit kit = playing("claude", "claude-turns.jsonl")) {
      WorkedIssue worked = kit.work("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("error_max_turns");
      kit.accept(worked);
      assertThat(Files.readString(workspace.resolve("sessions"))).isEqualTo("first\nfirst\n");
      assertThat(kit.spentCents()).isEqualTo(4);
    }
  }

  @Test
  void codex_shows_its_progress_tells_its_tokens_and_asks() throws Exception {
    try (WorkerKit kit = playing("codex", "codex-question.jsonl")) {
      WorkedIssue worked = kit.work("Mend the greeting", "It says Helo.");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).isEqualTo("Two greetings are possible.");
      assertThat(worked.cards()).hasSize(1);
      assertThat(worked.progress()).contains("> bash -lc ls", "> update greeting.txt");
      assertThat(worked.timeline().toString()).contains("24885 tokens, codex");
      kit.accept(worked);
      assertThat(Files.readString(workspace.resolve("sessions"))).isEqualTo("first\n0199a213-81c0\n");
    }
  }

  @Test
  void a_turn_of_codex_that_failed_is_told_in_its_words() throws Exception {
    try (WorkerKit kit = playing("codex", "codex-failed.jsonl")) {
      WorkedIssue worked = kit.work("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("stream disconnected before completion");
    }
  }

  @Test
  void a_program_that_dies_without_a_last_word_is_told_by_its_exit_code() throws Exception {
    String script = "echo '{\"type\":\"system\",\"session_id\":\"x\"}'; echo 'no login' >&2; exit 3";
    try (WorkerKit kit = start("claude", script)) {
      WorkedIssue worked = kit.work("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("exit code 3");
    }
  }

  private WorkerKit playing(String program, String stream) throws Exception {
    Path events = Path.of(java.util.Objects.requireNonNull(CliAgentTest.class.getResource("/" + stream)).toURI());
    return start(program, "echo \"${HEARTBEAT_SESSION:-first}\" >> sessions; cat '" + events + "'");
  }

  private WorkerKit start(String program, String script) {
    return WorkerKit.start(new ShellWorkerFactory(), Map.of(
        "command", List.of(script), "shell", true, "output", program, "workspace", workspace.toString()));
  }
}
