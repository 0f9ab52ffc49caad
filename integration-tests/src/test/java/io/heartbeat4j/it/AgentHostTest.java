package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host of the distribution on a real Paperclip server: each way in, kills and restarts. */
class AgentHostTest {

  private static final String RESULT_WITH_USAGE_SCRIPT = """
      cat > "$HEARTBEAT_RESULT_FILE" <<'END'
      {"result": "done", "summary": "Done, as asked.", "usage": [{"provider": "acme", "model": "large",
       "inputTokens": 1000, "cachedInputTokens": 100, "outputTokens": 200, "costUsd": 0.05}]}
      END
      """;

  /** How many the host of these tests works at once. */
  private static final int SLOTS = 8;

  @TempDir
  Path directory;
  private HostProcess host;

  @BeforeEach
  void prepare() throws IOException {
    host = new HostProcess(directory);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void through_the_gateway_an_issue_is_done_and_its_usage_is_counted_once() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Gateway");
    String agent = host.createAgent(boardClient, "wren", "echo 'Looking for the README.'\n" + RESULT_WITH_USAGE_SCRIPT);
    host.start();

    String issue = boardClient.createAssignedIssue("Say hello", agent);

    settled(boardClient, agent, issue, "done");
    assertThat(boardClient.agentComments(issue)).extracting(comment -> comment.path("body").asText())
        .containsExactly("Done, as asked.");
    JsonNode run = boardClient.get("/heartbeat-runs/" + boardClient.runs(agent).get(0).path("id").asText());
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
    assertThat(run.path("usageJson").path("inputTokens").asInt()).isEqualTo(1_000);
    assertThat(run.path("usageJson").path("model").asText()).isEqualTo("large");
    assertThat(boardClient.runLog(run.path("id").asText())).contains("Looking for the README.");
    assertThat(boardClient.get("/companies/" + boardClient.company() + "/costs/summary").path("spendCents").asInt())
        .isEqualTo(5);
    assertThat(boardClient.issue(issue).path("activeRecoveryAction").isNull()).isTrue();
  }

  @Test
  void an_idle_heartbeat_through_the_gateway_succeeds_and_writes_no_comment() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Idle");
    String agent = host.createAgent(boardClient, "wren", "echo never");
    host.start();
    String other = boardClient.createIssue(Map.of("title", "Nobody's", "status", "backlog"));

    boardClient.post("/agents/" + agent + "/heartbeat/invoke", Map.of());

    Await.until("the run is over", () -> boardClient.runs(agent),
        () -> !boardClient.runs(agent).isEmpty() && IssueAssertions.allRunsOver(boardClient, agent));
    assertThat(boardClient.runs(agent)).singleElement()
        .satisfies(run -> assertThat(run.path("status").asText()).isEqualTo("succeeded"));
    assertThat(boardClient.comments(other)).isEmpty();
  }

  @Test
  void a_run_that_the_board_cancels_stops_the_work_although_nobody_tells_the_gateway() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Cancelling");
    Path begun = directory.resolve("begun");
    Path stopped = directory.resolve("stopped");
    String agent = host.createAgent(boardClient, "wren",
        "trap 'echo yes > " + stopped + "; exit 1' TERM\necho yes > " + begun
            + "\nwhile :; do sleep 0.1; done");
    host.start();
    boardClient.createAssignedIssue("Long", agent);
    Await.until("the work has begun", host::log, () -> Files.exists(begun));

    boardClient.post("/heartbeat-runs/" + boardClient.runs(agent).get(0).path("id").asText() + "/cancel", Map.of());

    Await.until("the work is stopped", host::log, () -> Files.exists(stopped));
  }

  @Test
  void an_http_wake_is_answered_when_its_issue_is_settled() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Http");
    String access = HostProcess.newAccessKey();
    String agent = host.createAgent(boardClient, "wren", RESULT_WITH_USAGE_SCRIPT, access, "http", Map.of(
        "url", host.url() + "/v1/wakes", "headers", Map.of("authorization", "Bearer " + access)));
    host.start();

    String issue = boardClient.createAssignedIssue("Say hello", agent);

    settled(boardClient, agent, issue, "done");
    everyRunSucceeded(boardClient, agent);
    assertThat(boardClient.get("/companies/" + boardClient.company() + "/costs/summary").path("spendCents").asInt())
        .isEqualTo(5);
  }

  /** The server waits 30 s for a host that is given by its name. */
  @Test
  void work_that_takes_longer_than_an_http_wake_of_a_named_host_can_wait_ends_in_one_done() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Http by name");
    String access = HostProcess.newAccessKey();
    Path begun = directory.resolve("begun");
    String agent = host.createAgent(boardClient, "wren", "echo once >> " + begun + "\nsleep 45\n"
        + RESULT_WITH_USAGE_SCRIPT, access, "http",
        Map.of(
            "url", host.url().replace("127.0.0.1", "localhost") + "/v1/wakes", "headers",
            Map.of("authorization", "Bearer " + access)));
    host.start();

    String issue = boardClient.createAssignedIssue("Long", agent);

    settled(boardClient, agent, issue, "done");
    everyRunSucceeded(boardClient, agent);
    assertThat(Files.readString(begun)).isEqualTo("once\n");
    assertThat(boardClient.agentComments(issue)).extracting(comment -> comment.path("body").asText()).hasSize(2)
        .last().isEqualTo("Done, as asked.");
    assertThat(boardClient.issue(issue).path("executionBlocker").isNull()).isTrue();
    assertThat(boardClient.get("/companies/" + boardClient.company() + "/costs/summary").path("spendCents").asInt())
        .isEqualTo(5);
  }

  @Test
  void a_process_wake_is_handed_to_the_host_and_its_log_is_the_runs_log() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Wake");
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String file : List.of("heartbeat-wake", "heartbeat-relay")) {
      Files.copy(Path.of(System.getProperty("heartbeat.home"), "bin", file), bin.resolve(file));
    }
    String agent = host.createAgent(boardClient, "wren", "echo 'Greeted the world.'", HostProcess.newAccessKey(),
        "process", Map.of(
            "command", "sh", "args", List.of(bin.resolve("heartbeat-wake").toString()), "env",
            Map.of("HEARTBEAT_SOCKET", host.socket().toString())));
    host.start();

    String issue = boardClient.createAssignedIssue("Say hello", agent);

    settled(boardClient, agent, issue, "done");
    everyRunSucceeded(boardClient, agent);
    assertThat(boardClient.runLog(boardClient.runs(agent).get(0).path("id").asText())).contains("5 Checkout")
        .contains("Greeted the world.");
  }

  @Test
  void a_timer_finds_what_was_assigned_while_the_agent_was_paused() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Timer");
    String agent = host.createAgent(boardClient, "wren", RESULT_WITH_USAGE_SCRIPT);
    host.enableTimer("wren", "1s");
    host.start();
    boardClient.post("/agents/" + agent + "/pause", Map.of());
    String issue = boardClient.createAssignedIssue("Lies there", agent);
    boardClient.post("/agents/" + agent + "/resume", Map.of());

    settled(boardClient, agent, issue, "done");
    everyRunSucceeded(boardClient, agent);
    assertThat(boardClient.runs(agent)).singleElement()
        .satisfies(run -> assertThat(boardClient.get("/heartbeat-runs/" + run.path("id").asText())
            .path("contextSnapshot").path("wakeReason").asText())
            .isEqualTo("heartbeat4j_timer"));
  }

  @Test
  void an_issue_that_a_pause_hold_has_kept_back_is_worked_when_the_hold_is_released() throws IOException {
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Released");
    String agent = host.createAgent(boardClient, "wren", RESULT_WITH_USAGE_SCRIPT);
    host.start();
    settled(boardClient, agent, boardClient.createAssignedIssue("The host sees the company's events", agent), "done");
    boardClient.post("/agents/" + agent + "/pause", Map.of());
    String root = boardClient.createAssignedIssue("Held", agent);
    String below = boardClient.createIssue(Map.of("title", "Below", "status", "todo", "assigneeAgentId", agent,
        "parentId", root));
    String hold = boardClient.post("/issues/" + root + "/tree-holds", Map.of("mode", "pause", "reason", "not now"))
        .at("/hold/id").asText();
    boardClient.post("/agents/" + agent + "/resume", Map.of());

    boardClient.post("/issues/" + root + "/tree-holds/" + hold + "/release", Map.of());

    settled(boardClient, agent, root, "done");
    settled(boardClient, agent, below, "done");
  }

  @Test
  void a_wake_that_names_a_run_of_another_company_is_refused_and_writes_nothing()
      throws IOException, InterruptedException {
    BoardClient theirs = BoardClient.createCompany(RealPaperclip.url(), "Theirs");
    BoardClient ours = BoardClient.createCompany(RealPaperclip.url(), "Ours");
    Path go = directory.resolve("go");
    String other = host.createAgent(theirs, "pia", "echo never", HostProcess.newAccessKey(), "process", Map.of(
        "command", "sh", "args", List.of("-c", "while [ ! -e " + go + " ]; do sleep 0.1; done")));
    String access = HostProcess.newAccessKey();
    String agent = host.createAgent(ours, "wren", "echo never", access, "hermes_gateway",
        Map.of("apiBaseUrl", host.url(), "apiKey", access, "timeoutSec", 0));
    host.start();
    String issue = theirs.createAssignedIssue("Theirs", other);
    Await.until("their run is live", () -> theirs.runs(other), () -> !theirs.runs(other).isEmpty()
        && theirs.runs(other).get(0).path("status").asText().equals("running"));
    String run = theirs.runs(other).get(0).path("id").asText();

    assertThat(host.postWake(run, access)).isEqualTo(403);
    assertThat(host.postWake("00000000-0000-4000-8000-000000000001", access)).isEqualTo(403);
    assertThat(host.postWake(run, "no key of anybody's")).isEqualTo(401);

    assertThat(ours.runs(agent)).isEmpty();
    assertThat(theirs.comments(issue)).isEmpty();
    assertThat(theirs.issueStatus(issue)).isEqualTo("in_progress");
    Files.writeString(go, "");
  }

  @Test
  void a_company_is_worked_off_although_the_host_is_killed_and_restarted_twice()
      throws IOException, InterruptedException {
    int agents = Integer.getInteger("host.agents", 4);
    int issues = Integer.getInteger("host.issues", 20);
    BoardClient boardClient = BoardClient.createCompany(RealPaperclip.url(), "Killed");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < agents; i++) {
      ids.add(
          host.createAgent(boardClient, "agent-" + i, "echo 'Worked on it.'\nsleep 8\n" + RESULT_WITH_USAGE_SCRIPT));
    }
    host.start();
    List<String> assigned = new ArrayList<>();
    for (int i = 0; i < issues; i++) {
      assigned.add(boardClient.createAssignedIssue("Piece " + i, ids.get(i % agents)));
    }
    // a wake that finds no host is a failed run for this server, and it parks the issue: see docs/host.md
    Await.until("all wakes are accepted", host::log,
        () -> host.log().lines().filter(line -> line.contains("\"accepted\"")).count() >= issues);
    for (int kill = 1; kill <= 2; kill++) {
      int share = issues * kill / 3;
      Await.until(share + " are done", host::log, () -> done(boardClient, assigned) >= share);
      host.kill();
      host.start();
    }

    Await.until("all are settled", () -> done(boardClient, assigned) + " done of " + issues + "\n" + host.log(),
        () -> done(boardClient, assigned) + cutOff(boardClient, assigned) == issues
            && ids.stream().allMatch(agent -> IssueAssertions.allRunsOver(boardClient, agent)));
    assertThat(done(boardClient, assigned)).isGreaterThanOrEqualTo(issues / 2);
    logsAndUsageAreThere(boardClient, ids, done(boardClient, assigned));

    for (String issue : assigned) {
      assertThat(boardClient.agentComments(issue)).as("comments of " + issue).hasSize(1);
      assertThat(boardClient.issue(issue).path("activeRecoveryAction").isNull()).isTrue();
      assertThat(boardClient.issue(issue).path("executionBlocker").isNull()).isTrue();
    }
    ids.forEach(agent -> everyRunSucceeded(boardClient, agent));
    assertThat(host.terminate()).isZero();
  }

  /** What the server's API tells of the runs that worked: each one's log, and its usage once. */
  private static void logsAndUsageAreThere(BoardClient boardClient, List<String> agents, long done) {
    List<JsonNode> worked = agents.stream().flatMap(agent -> boardClient.runs(agent).stream())
        .map(run -> boardClient.get("/heartbeat-runs/" + run.path("id").asText()))
        .filter(run -> run.path("usageJson").path("inputTokens").asInt() > 0)
        .toList();
    assertThat(worked).as("told as its own, not as a difference")
        .noneMatch(run -> run.path("usageJson").has("usageSource"));
    assertThat(worked).allSatisfy(run -> assertThat(boardClient.runLog(run.path("id").asText())).contains("5 Checkout")
        .contains("Worked on it."));
    long spent = boardClient.get("/companies/" + boardClient.company() + "/costs/summary").path("spendCents").asLong();
    assertThat(spent % 5).isZero();
    // a kill between the settling and the end of a run can take what the run used with it
    assertThat(spent / 5).as("pieces of work that were paid").isBetween(done - 2 * SLOTS, done);
    // a run that tells for another one how its work ended, tells what that one used as well; a host that does so at its
    // start
    // has no run to tell it with, and sends a cost
    long tokens = worked.stream().mapToLong(run -> run.path("usageJson").path("inputTokens").asLong()).sum();
    assertThat(tokens % 1_000).isZero();
    assertThat(tokens / 1_000).isBetween(spent / 5 - 2 * SLOTS, spent / 5);
  }

  private static long done(BoardClient boardClient, List<String> issues) {
    return BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/issues?status=done&limit=1000"))
        .stream()
        .filter(issue -> issues.contains(issue.path("id").asText()))
        .count();
  }

  /** Work that a kill has cut off is not done again: a person is asked. */
  private static long cutOff(BoardClient boardClient, List<String> issues) {
    return issues.stream()
        .filter(issue -> boardClient.issueStatus(issue).equals("blocked"))
        .filter(issue -> boardClient.agentComments(issue).stream()
            .allMatch(comment -> comment.path("body").asText().contains("the work was cut off")))
        .count();
  }

  private void settled(BoardClient boardClient, String agent, String issue, String status) {
    Await.until("the issue is " + status + " and its runs are over",
        () -> boardClient.issueStatus(issue) + ", runs " + boardClient.runs(agent) + host.log(),
        () -> boardClient.issueStatus(issue).equals(status) && IssueAssertions.allRunsOver(boardClient, agent));
  }

  private static void everyRunSucceeded(BoardClient boardClient, String agent) {
    assertThat(boardClient.runs(agent)).isNotEmpty()
        .filteredOn(run -> !run.path("startedAt").isNull()) // the server drops a queued wake when its issue is done before
        .allSatisfy(run -> assertThat(run.path("status").asText()).as(() -> boardClient.runLog(run.path("id").asText()))
            .isEqualTo("succeeded"));
  }
}
