package io.heartbeat4j.worker.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the program does, the issue says what happened, and no process is left. */
@Timeout(60)
class AgentFaultTest {

  private static final String DONE = "tool finish {\"status\": \"done\", \"summary\": \"Done.\"}\n";

  @TempDir
  Path directory;

  private final List<AcpFixture> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AcpFixture acp : open) {
      acp.close();
    }
  }

  private TestIssue work(Map<String, Object> settings, String script) throws Exception {
    AcpFixture acp = new AcpFixture(directory, settings, script);
    open.add(acp);
    TestIssue worked = acp.company().issue("Work").isWorked();
    acp.nothingIsLeft();
    return worked;
  }

  private TestIssue work(String script) throws Exception {
    return work(Map.of(), script);
  }

  @Test
  void a_program_that_is_missing_is_for_the_operator_to_install() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, Map.of("agent", "claude", "command", List.of("no-such-program")),
        "-\n")) {
      TestIssue worked = acp.company().issue("Work", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("'no-such-program' can't be started").contains("npm install -g");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "old   | speaks version 0 of the Agent Client Protocol",
      "login | is not logged in: log in as the program's own words say (its words: Authentication required)",
      "root  | does not run as root: set 'run-as'"})
  void what_the_operator_has_to_change_blocks_the_issue_and_says_what(String option, String words) throws Exception {
    TestIssue worked = work(option + "\n");
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
    assertThat(worked.lastComment()).contains(words);
  }

  @Test
  void a_program_that_does_not_speak_the_protocol_is_given_up_with_its_words() throws Exception {
    TestIssue worked = work(Map.of("start-timeout", "2s"), "silent\n");
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
    assertThat(worked.lastComment()).contains("did not answer 'initialize' within 2 s").contains("usage: agent FILE");
  }

  @Test
  void a_program_that_dies_in_mid_turn_is_told_with_its_last_words() throws Exception {
    TestIssue worked = work(
        "-\nupdate tool_call {\"title\": \"Look\", \"status\": \"completed\"}\nsay I begin.\nerror out of memory\nexit 3\n");
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
    assertThat(worked.lastComment()).contains("ended with exit code 3").contains("out of memory")
        .contains("1 tool call(s) had worked").contains("> I begin.");
  }

  @Test
  void children_that_ignore_the_request_and_hold_the_output_do_not_outlive_the_program() throws Exception {
    TestIssue worked = work("-\nchild\nexit 3\n");
    assertThat(worked.lastComment()).as(worked.toString()).contains("ended with exit code 3");
    assertThat(Files.readAllLines(directory.resolve("pids"))).hasSize(2);
  }

  @Test
  void children_do_not_outlive_work_that_is_done() throws Exception {
    assertThat(work("-\nchild\nwrite a b\n" + DONE).status()).isEqualTo(IssueStatus.DONE);
    assertThat(Files.readAllLines(directory.resolve("pids"))).hasSize(2);
  }

  @Test
  void lines_that_are_no_messages_are_left_out_and_shown() throws Exception {
    TestIssue worked = work("""
        -
        raw {"jsonrpc": "2.0", "method":
        raw [1, 2]
        raw {"id": 99, "result": {}}
        raw Warning: old version
        update no_such_update {"x": 1}
        write a b
        """ + DONE);
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
    assertThat(worked.progress()).contains("left out: a line that is no message: Warning: old version");
  }

  @Test
  void a_line_of_a_hundred_megabytes_is_left_out() throws Exception {
    TestIssue worked = work("-\nline 100\nwrite a b\n" + DONE);
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
    assertThat(worked.progress()).contains("left out: a line of 100000000 bytes");
  }

  @Test
  void a_flood_of_text_is_kept_in_part() throws Exception {
    TestIssue worked = work("-\nchunks 1000\n---\nchunks 10\n");
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
    assertThat(worked.lastComment()).hasSizeLessThan(3000);
    assertThat(String.join("\n", worked.progress())).hasSizeLessThan(1_000_000);
  }

  @Test
  void another_sessions_words_are_not_ours() throws Exception {
    TestIssue worked = work("-\nforeign\nrequest fs/read_text_file another\nsay Ours.\n---\nsay Ours.\n");
    assertThat(worked.lastComment()).as(worked.toString()).contains("Ours.").doesNotContain("FOREIGN");
    assertThat(worked.progress()).contains("left out: an update of another session", "code -32602Ours.");
  }

  @Test
  void requests_that_are_not_served_get_an_error() throws Exception {
    TestIssue worked = work(
        "-\nrequest terminal/create\nsay \\n\nrequest craft/drainMidTurnQueue\nsay \\n\nwrite a b\n" + DONE);
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
    assertThat(worked.progress()).filteredOn(line -> line.equals("code -32601")).hasSize(2);
  }

  @Test
  void a_used_up_quota_is_waited_for() throws Exception {
    TestIssue worked = work("-\nfail -32603 Internal error: usage limit reached\n");
    assertThat(worked.lastComment()).as(worked.toString()).contains("takes no calls").contains("usage limit reached");
    assertThat(worked.status()).isNotEqualTo(IssueStatus.BLOCKED);
  }

  @Test
  void another_error_of_the_program_is_told_in_its_words() throws Exception {
    TestIssue worked = work("-\nfail -32603 the flux is out of phase\n");
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
    assertThat(worked.lastComment()).contains("reports an error: the flux is out of phase");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "deaf"})
  void a_cancelled_run_ends_the_turn_by_the_protocol_and_then_the_program(String step) throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, "-\nsay I begin.\n" + step + "\n")) {
      TestIssue worked = acp.company().issue("Work").assign();
      acp.awaitLog("session/prompt");
      acp.cancelRun();
      worked.awaitHeartbeat();
      assertThat(worked.lastComment()).contains("the board has cancelled the run");
      assertThat(acp.log()).contains("session/cancel");
      acp.awaitNothingLeft();
    }
  }
}
