package io.heartbeat4j.worker.shell;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.testkit.HeartbeatTest;
import io.heartbeat4j.testkit.TestCompany;
import io.heartbeat4j.testkit.TestIssue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Agents' programs, played back: progress, usage, sessions and results. The streams were recorded from Claude Code
 * 2.1.197 and Codex 0.169.0 against a scripted provider; only claude-limit and codex-question are written by hand,
 * after the programs' own schemas, since the first needs a subscription.
 */
@HeartbeatTest
class CliAgentRunTest {

  @Test
  void claude_shows_its_progress_tells_its_cost_and_its_result_is_read(TestCompany company) throws Exception {
    playing(company, "claude", "claude-done.jsonl");
    TestIssue worked = company.issue("Mend the greeting", "It says Helo.").isWorked();
    assertThat(worked).isDone();
    assertThat(worked.lastComment()).isEqualTo("Mended the greeting.");
    assertThat(worked.progress()).containsSubsequence("I look at the greeting first.",
        "> Read /srv/project/greeting.txt", "| 1\tHelo, world", "> Edit /srv/project/greeting.txt",
        "| The file /srv/project/greeting.txt has been updated successfully. (file state is current in your context — no"
            + " need to Read it back)");
    assertThat(worked.timeline().toString()).contains("6150 tokens, claude-opus-4-8[1m]");
    assertThat(company.spentCents()).isEqualTo(3);
  }

  @Test
  void prose_of_claude_is_for_a_person_to_look_at_and_its_session_goes_on_after_the_answer(TestCompany company)
      throws Exception {
    playing(company, "claude", "claude-prose.jsonl");
    TestIssue worked = company.issue("Mend the greeting", "It says Helo.").isWorked();
    assertThat(worked).isInReview();
    assertThat(worked.lastComment()).isEqualTo("All done, everything works!");
    assertThat(worked.timeline()).filteredOn(event -> event.kind() == HeartbeatEvent.Kind.SESSION)
        .extracting(HeartbeatEvent::message).containsExactly("79a40561-4540-48ba-882b-737199c7737d");
    assertThat(company.workspace().read("sessions")).isEqualTo("first\n");
    worked.accept();
    assertThat(company.workspace().read("sessions"))
        .isEqualTo("first\n79a40561-4540-48ba-882b-737199c7737d\n");
  }

  @Test
  void a_used_up_subscription_is_waited_for(TestCompany company) throws Exception {
    Instant reset = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(5));
    start(company, "claude",
        "sed 's/4102444800/" + reset.getEpochSecond() + "/' '" + stream("claude-limit.jsonl") + "'");
    TestIssue worked = company.issue("Mend", "it").isWorked();
    assertThat(worked).isInReview();
    assertThat(worked.issue().monitorNextCheckAt()).isEqualTo(reset);
    assertThat(worked.lastComment()).contains("You've hit your session limit");
    assertThat(worked.timeline().toString()).contains("1 cents if it were no subscription");
  }

  @Test
  void the_words_of_older_versions_for_it_are_understood_too(TestCompany company) throws Exception {
    Instant reset = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(5));
    start(company, "claude", "echo '{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,"
        + "\"result\":\"Claude AI usage limit reached|" + reset.getEpochSecond() + "\"}'");
    assertThat(company.issue("Mend", "it").isWorked().issue().monitorNextCheckAt()).isEqualTo(reset);
  }

  @Test
  void a_used_up_plan_of_codex_is_asked_for_again_in_an_hour(TestCompany company) throws Exception {
    playing(company, "codex", "codex-limit.jsonl");
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    TestIssue worked = company.issue("Mend", "it").isWorked();
    assertThat(worked).isInReview();
    assertThat(worked.issue().monitorNextCheckAt())
        .isBetween(before.plus(Duration.ofHours(1)), Instant.now().plus(Duration.ofMinutes(61)));
  }

  @Test
  void a_run_that_failed_blocks_the_issue_and_its_session_is_not_gone_on_with(TestCompany company) throws Exception {
    playing(company, "claude", "claude-turns.jsonl");
    TestIssue worked = company.issue("Mend", "it").isWorked();
    assertThat(worked).isBlocked();
    assertThat(worked.lastComment()).contains("Reached maximum number of turns (2)");
    worked.accept();
    assertThat(company.workspace().read("sessions")).isEqualTo("first\nfirst\n");
    assertThat(company.spentCents()).as("twice 0.035 cents, each rounded by itself").isZero();
  }

  @Test
  void codex_shows_its_progress_tells_its_tokens_and_asks(TestCompany company) throws Exception {
    playing(company, "codex", "codex-question.jsonl");
    TestIssue worked = company.issue("Mend the greeting", "It says Helo.").isWorked();
    assertThat(worked).isBlocked();
    assertThat(worked.lastComment()).isEqualTo("Two greetings are possible.");
    assertThat(worked.cards()).hasSize(1);
    assertThat(worked.progress()).containsSubsequence("$ bash -lc ls", "| greeting.txt", "exit code 0",
        "> update greeting.txt");
    assertThat(worked.timeline().toString()).contains("24885 tokens, codex");
    worked.accept();
    assertThat(company.workspace().read("sessions")).isEqualTo("first\n0199a213-81c0\n");
  }

  @Test
  void codex_counts_a_session_from_its_beginning_and_no_token_is_told_twice(TestCompany company) throws Exception {
    String events = "if [ -n \"${HEARTBEAT_SESSION:-}\" ]; then cat '" + stream("codex-resumed.jsonl") + "'; else cat '"
        + stream("codex-done.jsonl") + "'; fi";
    start(company, "codex", events);
    TestIssue worked = company.issue("Mend the greeting", "It says Helo.").isWorked();
    assertThat(worked.timeline().toString()).contains("310 tokens, codex");
    TestIssue again = worked.comment("Is it?");
    assertThat(again.timeline().toString()).as(again.toString()).contains("10 tokens, codex")
        .doesNotContain("310 tokens");
  }

  @Test
  void a_turn_of_codex_that_failed_is_told_in_its_words(TestCompany company) throws Exception {
    playing(company, "codex", "codex-failed.jsonl");
    TestIssue worked = company.issue("Mend", "it").isWorked();
    assertThat(worked).isBlocked();
    assertThat(worked.lastComment()).contains("unexpected status 401 Unauthorized: invalid key");
    assertThat(worked.progress()).anySatisfy(line -> assertThat(line).startsWith("Reconnecting... 1/5"));
  }

  @Test
  void a_program_that_dies_without_a_last_word_is_told_by_its_exit_code(TestCompany company) throws Exception {
    String script = "echo '{\"type\":\"system\",\"session_id\":\"x\"}'; echo 'no login' >&2; exit 3";
    start(company, "claude", script);
    TestIssue worked = company.issue("Mend", "it").isWorked();
    assertThat(worked).isBlocked();
    assertThat(worked.lastComment()).contains("exit code 3");
  }

  private static void playing(TestCompany company, String program, String stream) throws Exception {
    start(company, program, "echo \"${HEARTBEAT_SESSION:-first}\" >> sessions; cat '" + stream(stream) + "'");
  }

  private static Path stream(String name) throws Exception {
    return Path.of(java.util.Objects.requireNonNull(CliAgentRunTest.class.getResource("/" + name)).toURI());
  }

  private static void start(TestCompany company, String program, String script) {
    company.useWorker(new ShellWorkerFactory(), Map.of(
        "command", List.of(script), "shell", true, "output", program,
        "workspace", company.workspace().directory().toString()));
  }
}
