package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Paperclip server with the adapter that the distribution installs in it, and hosts that come and go. */
class PaperclipAdapterTest {

  private static final String RESULT_WITH_USAGE_SCRIPT = """
      cat > "$HEARTBEAT_RESULT_FILE" <<'END'
      {"result": "done", "summary": "Done, as asked.", "usage": [{"provider": "acme", "model": "large",
       "inputTokens": 1000, "cachedInputTokens": 100, "outputTokens": 200, "costUsd": 0.05}]}
      END
      """;

  @TempDir
  Path directory;
  private HostProcess host;
  private InstalledAdapter adapter;
  private BoardClient board;

  @BeforeEach
  void install() throws IOException {
    host = new HostProcess(directory);
    adapter = new InstalledAdapter(directory, host);
    board = BoardClient.createCompany(RealPaperclip.url(), "Adapter");
  }

  @AfterEach
  void uninstall() {
    host.close();
    adapter.close();
  }

  @Test
  void an_agent_without_any_settings_does_its_issue_and_its_log_and_cost_are_on_the_server() throws IOException {
    host.addProfile("coder", "echo 'Looking for the README.'\n" + RESULT_WITH_USAGE_SCRIPT);
    host.start();
    String agent = createAgent(Map.of());

    String issue = board.createAssignedIssue("Say hello", agent);

    settled(agent, issue, "done");
    assertThat(board.agentComments(issue)).extracting(comment -> comment.path("body").asText())
        .containsExactly("Done, as asked.");
    JsonNode run = onlyRun(agent);
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
    assertThat(run.path("usageJson").path("inputTokens").asInt()).isEqualTo(1_000);
    assertThat(run.path("usageJson").path("cachedInputTokens").asInt()).isEqualTo(100);
    assertThat(run.path("usageJson").path("model").asText()).isEqualTo("large");
    assertThat(log(run)).containsSubsequence("5 Checkout", "Looking for the README.", "8 Update Status");
    assertThat(board.get("/companies/" + board.company() + "/costs/summary").path("spendCents").asInt()).isEqualTo(5);
  }

  @Test
  void a_host_that_is_away_when_the_wake_comes_is_waited_for() throws IOException {
    host.addProfile("coder", RESULT_WITH_USAGE_SCRIPT);
    String agent = createAgent(Map.of());

    String issue = board.createAssignedIssue("Say hello", agent);
    Await.until("the run waits", () -> board.runs(agent),
        () -> !board.runs(agent).isEmpty() && log(onlyRun(agent)).contains("waiting for the host"));
    host.start();

    settled(agent, issue, "done");
    assertThat(onlyRun(agent).path("status").asText()).isEqualTo("succeeded");
    nothingIsLeftToTheBoard(issue);
  }

  @Test
  void a_wake_for_which_no_host_comes_in_the_agents_time_is_tried_again_by_the_server() throws IOException {
    host.addProfile("coder", RESULT_WITH_USAGE_SCRIPT);
    String agent = createAgent(Map.of("waitMinutes", 0.02));

    String issue = board.createAssignedIssue("Say hello", agent);
    Await.until("the first run has failed", () -> board.runs(agent),
        () -> board.runs(agent).stream().anyMatch(run -> run.path("status").asText().equals("failed")));
    assertThat(board.runs(agent).getLast().path("errorCode").asText()).isEqualTo("host_away");
    host.start();

    settled(agent, issue, "done");
    nothingIsLeftToTheBoard(issue);
  }

  @Test
  void a_host_that_is_killed_in_mid_work_goes_on_with_the_run_and_does_not_repeat_the_work() throws IOException {
    Path begun = directory.resolve("begun");
    host.addProfile("coder", "echo begun >> " + begun + "\nsleep 600");
    host.start();
    String agent = createAgent(Map.of());
    String issue = board.createAssignedIssue("Say hello", agent);
    Await.until("the work has begun", host::log, () -> Files.exists(begun));

    host.kill();
    host.start();

    settled(agent, issue, "blocked");
    assertThat(Files.readString(begun)).isEqualTo("begun\n");
    assertThat(board.agentComments(issue)).singleElement()
        .satisfies(comment -> assertThat(comment.path("body").asText()).contains("the work was cut off"));
    assertThat(onlyRun(agent).path("status").asText()).isEqualTo("succeeded");
    nothingIsLeftToTheBoard(issue);
  }

  @Test
  void a_run_that_the_board_cancels_stops_the_work() throws IOException {
    Path begun = directory.resolve("begun");
    host.addProfile("coder", "echo $$ > " + begun + "\nsleep 600");
    host.start();
    String agent = createAgent(Map.of());
    board.createAssignedIssue("Say hello", agent);
    Await.until("the work has begun", host::log, () -> Files.exists(begun) && !read(begun).isBlank());

    ProcessHandle work = ProcessHandle.of(Long.parseLong(read(begun).strip())).orElseThrow();
    board.post("/heartbeat-runs/" + onlyRun(agent).path("id").asText() + "/cancel", Map.of());

    assertThat(work.isAlive()).isFalse();
    assertThat(onlyRun(agent).path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void the_status_names_both_versions_and_the_agents_and_an_adapter_in_use_is_not_removed()
      throws IOException {
    host.addProfile("coder", "echo done");
    host.start();
    createAgent(Map.of("profile", "coder"));

    assertThat(adapter.heartbeat("status")).contains(
        "ok       The server at " + RealPaperclip.url() + " has the adapter ",
        "ok       The host at unix:" + host.socket() + " answers", "agent    Wren of Adapter: coder");
    assertThat(adapter.heartbeat("uninstall")).contains("agents use it: ", "Wren (Adapter)").endsWith("exit code 78");
  }

  private String createAgent(Map<String, Object> settings) {
    return InstalledAdapter.createAgent(board, settings);
  }

  private JsonNode onlyRun(String agent) {
    return InstalledAdapter.onlyRun(board, agent);
  }

  /** With the lines of all streams, as JSON. */
  private String log(JsonNode run) {
    return run.path("logRef").isNull() ? "" // it has not begun
        : board.get("/heartbeat-runs/" + run.path("id").asText() + "/log?limitBytes=100000").path("content").asText();
  }

  private void nothingIsLeftToTheBoard(String issue) {
    assertThat(board.issue(issue).path("activeRecoveryAction").isNull()).isTrue();
    assertThat(board.issue(issue).path("executionBlocker").isNull()).isTrue();
  }

  private void settled(String agent, String issue, String status) {
    Await.until("the issue is " + status + " and its runs are over",
        () -> board.issueStatus(issue) + ", runs " + board.runs(agent) + host.log(),
        () -> board.issueStatus(issue).equals(status) && IssueAssertions.allRunsOver(board, agent));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException notYet) {
      return "";
    }
  }
}
