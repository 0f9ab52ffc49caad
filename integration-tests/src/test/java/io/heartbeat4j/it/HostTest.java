package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.Board;
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
class HostTest {

  private static final String USING = """
      cat > "$HEARTBEAT_RESULT_FILE" <<'END'
      {"result": "done", "summary": "Done, as asked.", "usage": [{"provider": "acme", "model": "large",
       "inputTokens": 1000, "cachedInputTokens": 100, "outputTokens": 200, "costUsd": 0.05}]}
      END
      """;

  /** How many the host of these tests works at once. */
  private static final int SLOTS = 8;

  @TempDir Path directory;
  private RunningHost host;

  @BeforeEach
  void prepare() throws IOException {
    host = new RunningHost(directory);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void through_the_gateway_an_issue_is_done_and_its_usage_is_counted_once() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Gateway");
    String agent = host.agent(board, "wren", "echo 'Looking for the README.'\n" + USING);
    host.start();

    String issue = board.assigned("Say hello", agent);

    settled(board, agent, issue, "done");
    assertThat(board.agentComments(issue)).extracting(comment -> comment.path("body").asText())
        .containsExactly("Done, as asked.");
    JsonNode run = board.get("/heartbeat-runs/" + board.runs(agent).get(0).path("id").asText());
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
    assertThat(run.path("usageJson").path("inputTokens").asInt()).isEqualTo(1_000);
    assertThat(run.path("usageJson").path("model").asText()).isEqualTo("large");
    assertThat(board.log(run.path("id").asText())).contains("Looking for the README.");
    assertThat(board.get("/companies/" + board.company() + "/costs/summary").path("spendCents").asInt()).isEqualTo(5);
    assertThat(board.read(issue).path("activeRecoveryAction").isNull()).isTrue();
  }

  @Test
  void an_idle_heartbeat_through_the_gateway_succeeds_and_writes_no_comment() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Idle");
    String agent = host.agent(board, "wren", "echo never");
    host.start();
    String other = board.issue(Map.of("title", "Nobody's", "status", "backlog"));

    board.post("/agents/" + agent + "/heartbeat/invoke", Map.of());

    Eventually.until("the run is over", () -> board.runs(agent), () -> !board.runs(agent).isEmpty() && Expect.allOver(board, agent));
    assertThat(board.runs(agent)).singleElement().satisfies(run ->
        assertThat(run.path("status").asText()).isEqualTo("succeeded"));
    assertThat(board.comments(other)).isEmpty();
  }

  @Test
  void a_run_that_the_board_cancels_stops_the_work_although_nobody_tells_the_gateway() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Cancelling");
    Path begun = directory.resolve("begun");
    Path stopped = directory.resolve("stopped");
    String agent = host.agent(board, "wren", "trap 'echo yes > " + stopped + "; exit 1' TERM\necho yes > " + begun
        + "\nwhile :; do sleep 0.1; done");
    host.start();
    board.assigned("Long", agent);
    Eventually.until("the work has begun", host::log, () -> Files.exists(begun));

    board.post("/heartbeat-runs/" + board.runs(agent).get(0).path("id").asText() + "/cancel", Map.of());

    Eventually.until("the work is stopped", host::log, () -> Files.exists(stopped));
  }

  @Test
  void an_http_wake_is_answered_when_its_issue_is_settled() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Http");
    String access = RunningHost.access();
    String agent = host.agent(board, "wren", USING, access, "http", Map.of(
        "url", host.url() + "/v1/wakes", "headers", Map.of("authorization", "Bearer " + access)));
    host.start();

    String issue = board.assigned("Say hello", agent);

    settled(board, agent, issue, "done");
    everyRunSucceeded(board, agent);
    assertThat(board.get("/companies/" + board.company() + "/costs/summary").path("spendCents").asInt()).isEqualTo(5);
  }

  @Test
  void a_process_wake_is_handed_to_the_host_and_its_log_is_the_runs_log() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Wake");
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path script = Files.copy(Path.of(System.getProperty("heartbeat.home"), "bin/heartbeat-wake"), bin.resolve("heartbeat-wake"));
    String agent = host.agent(board, "wren", "echo 'Greeted the world.'", RunningHost.access(), "process", Map.of(
        "command", "sh", "args", List.of(script.toString()), "env", Map.of("HEARTBEAT_SOCKET", host.socket().toString())));
    host.start();

    String issue = board.assigned("Say hello", agent);

    settled(board, agent, issue, "done");
    everyRunSucceeded(board, agent);
    assertThat(board.log(board.runs(agent).get(0).path("id").asText())).contains("5 Checkout").contains("Greeted the world.");
  }

  @Test
  void a_timer_finds_what_was_assigned_while_the_agent_was_paused() throws IOException {
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Timer");
    String agent = host.agent(board, "wren", USING);
    host.timer("wren", "1s");
    host.start();
    board.post("/agents/" + agent + "/pause", Map.of());
    String issue = board.assigned("Lies there", agent);
    board.post("/agents/" + agent + "/resume", Map.of());

    settled(board, agent, issue, "done");
    everyRunSucceeded(board, agent);
    assertThat(board.runs(agent)).singleElement().satisfies(run ->
        assertThat(board.get("/heartbeat-runs/" + run.path("id").asText()).path("contextSnapshot").path("wakeReason").asText())
            .isEqualTo("heartbeat4j_timer"));
  }

  @Test
  void a_wake_that_names_a_run_of_another_company_is_refused_and_writes_nothing() throws IOException, InterruptedException {
    Board theirs = Board.ofNewCompany(RealPaperclip.url(), "Theirs");
    Board ours = Board.ofNewCompany(RealPaperclip.url(), "Ours");
    Path go = directory.resolve("go");
    String other = host.agent(theirs, "pia", "echo never", RunningHost.access(), "process", Map.of(
        "command", "sh", "args", List.of("-c", "while [ ! -e " + go + " ]; do sleep 0.1; done")));
    String access = RunningHost.access();
    String agent = host.agent(ours, "wren", "echo never", access, "hermes_gateway",
        Map.of("apiBaseUrl", host.url(), "apiKey", access, "timeoutSec", 0));
    host.start();
    String issue = theirs.assigned("Theirs", other);
    Eventually.until("their run is live", () -> theirs.runs(other), () -> !theirs.runs(other).isEmpty()
        && theirs.runs(other).get(0).path("status").asText().equals("running"));
    String run = theirs.runs(other).get(0).path("id").asText();

    assertThat(host.wake(run, access)).isEqualTo(403);
    assertThat(host.wake("00000000-0000-4000-8000-000000000001", access)).isEqualTo(403);
    assertThat(host.wake(run, "no key of anybody's")).isEqualTo(401);

    assertThat(ours.runs(agent)).isEmpty();
    assertThat(theirs.comments(issue)).isEmpty();
    assertThat(theirs.status(issue)).isEqualTo("in_progress");
    Files.writeString(go, "");
  }

  @Test
  void a_company_is_worked_off_although_the_host_is_killed_and_restarted_twice() throws IOException, InterruptedException {
    int agents = Integer.getInteger("host.agents", 4);
    int issues = Integer.getInteger("host.issues", 20);
    Board board = Board.ofNewCompany(RealPaperclip.url(), "Killed");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < agents; i++) {
      ids.add(host.agent(board, "agent-" + i, "echo 'Worked on it.'\nsleep 8\n" + USING));
    }
    host.start();
    List<String> assigned = new ArrayList<>();
    for (int i = 0; i < issues; i++) {
      assigned.add(board.assigned("Piece " + i, ids.get(i % agents)));
    }
    // a wake that finds no host is a failed run for this server, and it parks the issue: see docs/host.md
    Eventually.until("all wakes are accepted", host::log, () ->
        host.log().lines().filter(line -> line.contains("\"accepted\"")).count() >= issues);
    for (int kill = 1; kill <= 2; kill++) {
      int share = issues * kill / 3;
      Eventually.until(share + " are done", host::log, () -> done(board, assigned) >= share);
      host.kill();
      host.start();
    }

    Eventually.until("all are settled", () -> done(board, assigned) + " done of " + issues + "\n" + host.log(),
        () -> done(board, assigned) + cutOff(board, assigned) == issues
            && ids.stream().allMatch(agent -> Expect.allOver(board, agent)));
    assertThat(done(board, assigned)).isGreaterThanOrEqualTo(issues / 2);
    logsAndUsageAreThere(board, ids, done(board, assigned));

    for (String issue : assigned) {
      assertThat(board.agentComments(issue)).as("comments of " + issue).hasSize(1);
      assertThat(board.read(issue).path("activeRecoveryAction").isNull()).isTrue();
      assertThat(board.read(issue).path("executionBlocker").isNull()).isTrue();
    }
    ids.forEach(agent -> everyRunSucceeded(board, agent));
    assertThat(host.end()).isZero();
  }

  /** What the server's API tells of the runs that worked: each one's log, and its usage once. */
  private static void logsAndUsageAreThere(Board board, List<String> agents, long done) {
    List<JsonNode> worked = agents.stream().flatMap(agent -> board.runs(agent).stream())
        .map(run -> board.get("/heartbeat-runs/" + run.path("id").asText()))
        .filter(run -> run.path("usageJson").path("inputTokens").asInt() > 0)
        .toList();
    assertThat(worked).as("told as its own, not as a difference").noneMatch(run -> run.path("usageJson").has("usageSource"));
    assertThat(worked).allSatisfy(run ->
        assertThat(board.log(run.path("id").asText())).contains("5 Checkout").contains("Worked on it."));
    long spent = board.get("/companies/" + board.company() + "/costs/summary").path("spendCents").asLong();
    assertThat(spent % 5).isZero();
    // a kill between the settling and the end of a run can take what the run used with it
    assertThat(spent / 5).as("pieces of work that were paid").isBetween(done - 2 * SLOTS, done);
    // a run that tells for another one how its work ended, tells what that one used as well; a host that does so at its start
    // has no run to tell it with, and sends a cost
    long tokens = worked.stream().mapToLong(run -> run.path("usageJson").path("inputTokens").asLong()).sum();
    assertThat(tokens % 1_000).isZero();
    assertThat(tokens / 1_000).isBetween(spent / 5 - 2 * SLOTS, spent / 5);
  }

  private static long done(Board board, List<String> issues) {
    return Board.list(board.get("/companies/" + board.company() + "/issues?status=done&limit=1000")).stream()
        .filter(issue -> issues.contains(issue.path("id").asText()))
        .count();
  }

  /** Work that a kill has cut off is not done again: a person is asked. */
  private static long cutOff(Board board, List<String> issues) {
    return issues.stream()
        .filter(issue -> board.status(issue).equals("blocked"))
        .filter(issue -> board.agentComments(issue).stream()
            .allMatch(comment -> comment.path("body").asText().contains("the work was cut off")))
        .count();
  }

  private void settled(Board board, String agent, String issue, String status) {
    Eventually.until("the issue is " + status + " and its runs are over",
        () -> board.status(issue) + ", runs " + board.runs(agent) + host.log(),
        () -> board.status(issue).equals(status) && Expect.allOver(board, agent));
  }

  private static void everyRunSucceeded(Board board, String agent) {
    assertThat(board.runs(agent)).isNotEmpty()
        .filteredOn(run -> !run.path("startedAt").isNull()) // the server drops a queued wake when its issue is done before
        .allSatisfy(run -> assertThat(run.path("status").asText()).as(() -> board.log(run.path("id").asText()))
            .isEqualTo("succeeded"));
  }
}
