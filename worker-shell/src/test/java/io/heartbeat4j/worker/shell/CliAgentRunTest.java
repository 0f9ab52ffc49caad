package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.IssueAfterHeartbeat;
import io.heartbeat4j.testkit.WorkerTestKit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents' programs, played back: progress, usage, sessions and results. The streams were recorded from Claude Code
 * 2.1.197 and Codex 0.169.0 against a scripted provider; only claude-limit and codex-question are written by hand,
 * after the programs' own schemas, since the first needs a subscription.
 */
class CliAgentRunTest {

  @TempDir
  private Path workspace = Path.of("none");

  @Test
  void claude_shows_its_progress_tells_its_cost_and_its_result_is_read() throws Exception {
    try (WorkerTestKit kit = playing("claude", "claude-done.jsonl")) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend the greeting", "It says Helo.");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(worked.lastComment()).isEqualTo("Mended the greeting.");
      assertThat(worked.progress()).contains("I look at the greeting first.", "> Read /srv/project/greeting.txt");
      assertThat(worked.timeline().toString()).contains("6150 tokens, claude-opus-4-8[1m]");
      assertThat(kit.spentCents()).isEqualTo(3);
    }
  }

  @Test
  void prose_of_claude_is_for_a_person_to_look_at_and_its_session_goes_on_after_the_answer() throws Exception {
    try (WorkerTestKit kit = playing("claude", "claude-prose.jsonl")) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend the greeting", "It says Helo.");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.lastComment()).isEqualTo("All done, everything works!");
      assertThat(worked.timeline()).filteredOn(event -> event.kind() == HeartbeatEvent.Kind.SESSION)
          .extracting(HeartbeatEvent::message).containsExactly("79a40561-4540-48ba-882b-737199c7737d");
      assertThat(Files.readString(workspace.resolve("sessions"))).isEqualTo("first\n");
      kit.accept(worked);
      assertThat(Files.readString(workspace.resolve("sessions")))
          .isEqualTo("first\n79a40561-4540-48ba-882b-737199c7737d\n");
    }
  }

  @Test
  void a_used_up_subscription_is_waited_for() throws Exception {
    Instant reset = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(5));
    try (WorkerTestKit kit = start("claude",
        "sed 's/4102444800/" + reset.getEpochSecond() + "/' '" + stream("claude-limit.jsonl") + "'")) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.issue().monitorNextCheckAt()).isEqualTo(reset);
      assertThat(worked.lastComment()).contains("You've hit your session limit");
      assertThat(worked.timeline().toString()).contains("1 cents if it were no subscription");
    }
  }

  @Test
  void the_words_of_older_versions_for_it_are_understood_too() throws Exception {
    Instant reset = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(5));
    try (WorkerTestKit kit = start("claude", "echo '{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,"
        + "\"result\":\"Claude AI usage limit reached|" + reset.getEpochSecond() + "\"}'")) {
      assertThat(kit.assignIssue("Mend", "it").issue().monitorNextCheckAt()).isEqualTo(reset);
    }
  }

  @Test
  void a_used_up_plan_of_codex_is_asked_for_again_in_an_hour() throws Exception {
    try (WorkerTestKit kit = playing("codex", "codex-limit.jsonl")) {
      Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      IssueAfterHeartbeat worked = kit.assignIssue("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.issue().monitorNextCheckAt())
          .isBetween(before.plus(Duration.ofHours(1)), Instant.now().plus(Duration.ofMinutes(61)));
    }
  }

  @Test
  void a_run_that_failed_blocks_the_issue_and_its_session_is_not_gone_on_with() throws Exception {
    try (WorkerTestKit kit = playing("claude", "claude-turns.jsonl")) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("Reached maximum number of turns (2)");
      kit.accept(worked);
      assertThat(Files.readString(workspace.resolve("sessions"))).isEqualTo("first\nfirst\n");
      assertThat(kit.spentCents()).as("twice 0.035 cents, each rounded by itself").isZero();
    }
  }

  @Test
  void codex_shows_its_progress_tells_its_tokens_and_asks() throws Exception {
    try (WorkerTestKit kit = playing("codex", "codex-question.jsonl")) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend the greeting", "It says Helo.");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).isEqualTo("Two greetings are possible.");
      assertThat(worked.interactions()).hasSize(1);
      assertThat(worked.progress()).contains("> bash -lc ls", "> update greeting.txt");
      assertThat(worked.timeline().toString()).contains("24885 tokens, codex");
      kit.accept(worked);
      assertThat(Files.readString(workspace.resolve("sessions"))).isEqualTo("first\n0199a213-81c0\n");
    }
  }

  @Test
  void codex_counts_a_session_from_its_beginning_and_no_token_is_told_twice() throws Exception {
    String events = "if [ -n \"${HEARTBEAT_SESSION:-}\" ]; then cat '" + stream("codex-resumed.jsonl") + "'; else cat '"
        + stream("codex-done.jsonl") + "'; fi";
    try (WorkerTestKit kit = start("codex", events)) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend the greeting", "It says Helo.");
      assertThat(worked.timeline().toString()).contains("310 tokens, codex");
      IssueAfterHeartbeat again = kit.comment(worked, "Is it?");
      assertThat(again.timeline().toString()).as(again.toString()).contains("10 tokens, codex")
          .doesNotContain("310 tokens");
    }
  }

  @Test
  void a_turn_of_codex_that_failed_is_told_in_its_words() throws Exception {
    try (WorkerTestKit kit = playing("codex", "codex-failed.jsonl")) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("unexpected status 401 Unauthorized: invalid key");
      assertThat(worked.progress()).anySatisfy(line -> assertThat(line).startsWith("Reconnecting... 1/5"));
    }
  }

  @Test
  void a_program_that_dies_without_a_last_word_is_told_by_its_exit_code() throws Exception {
    String script = "echo '{\"type\":\"system\",\"session_id\":\"x\"}'; echo 'no login' >&2; exit 3";
    try (WorkerTestKit kit = start("claude", script)) {
      IssueAfterHeartbeat worked = kit.assignIssue("Mend", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("exit code 3");
    }
  }

  private WorkerTestKit playing(String program, String stream) throws Exception {
    return start(program, "echo \"${HEARTBEAT_SESSION:-first}\" >> sessions; cat '" + stream(stream) + "'");
  }

  private static Path stream(String name) throws Exception {
    return Path.of(java.util.Objects.requireNonNull(CliAgentRunTest.class.getResource("/" + name)).toURI());
  }

  private WorkerTestKit start(String program, String script) {
    return WorkerTestKit.start(new ShellWorkerFactory(), Map.of(
        "command", List.of(script), "shell", true, "output", program, "workspace", workspace.toString()));
  }
}
