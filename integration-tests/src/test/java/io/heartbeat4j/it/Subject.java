package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.Board;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An agent in a company of its own and an issue that it has been given. Its worker makes a subtask, costs ten cents, and
 * counts how often it works on what.
 */
final class Subject {

  private static final String WORK = """
      cat > "$HEARTBEAT_RESULT_FILE" <<END
      {"result": "done", "summary": "Worked off $PAPERCLIP_TASK_ID.", "delegations": [{"title": "After $PAPERCLIP_TASK_ID"}],
       "usage": [{"provider": "acme", "model": "large", "costUsd": 0.10}]}
      END
      """;

  final Board board;
  final String agent;
  final String issue;
  private final Path worked;
  private final Path state;

  private Subject(String name, Distribution distribution, String server, Map<String, String> environment, String work)
      throws IOException {
    this.board = Board.ofNewCompany(server, name);
    this.worked = distribution.signal(name + "-worked");
    this.state = distribution.state().resolve(name);
    Map<String, String> variables = new LinkedHashMap<>(environment);
    variables.put("HEARTBEAT_STATE_DIR", state.toString());
    this.agent = board.agent("Wren",
        distribution.working(name, "echo \"$PAPERCLIP_TASK_ID\" >> " + worked + "\n" + work, variables));
    this.issue = board.assigned("Something goes wrong with this", agent);
  }

  /** One whose way to the server is the proxy. */
  static Subject behind(HoldingProxy proxy, String name, Distribution distribution, String server) throws IOException {
    return new Subject(name, distribution, server, Map.of("HEARTBEAT_API_URL", proxy.url()), WORK);
  }

  /** One that does this before its work is done. */
  static Subject first(String script, String name, Distribution distribution, String server) throws IOException {
    return new Subject(name, distribution, server, Map.of(), script + "\n" + WORK);
  }

  /** A script that waits for the file. */
  static String untilThereIs(Path file) {
    return "while [ ! -e " + file + " ]; do sleep 0.1; done";
  }

  void awaitWork() {
    Eventually.until("the work has begun", this::logs, () -> executions() > 0);
  }

  /** The process of the agent's live run. */
  ProcessHandle process() {
    long pid = board.runs(agent).get(0).path("processPid").asLong();
    return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError("no process " + pid + "\n" + logs()));
  }

  /** Waits until no run is left. */
  void awaitEnd() {
    Eventually.until("the run is over", this::logs, () -> Expect.allOver(board, agent));
  }

  /** Gives the agent another issue, and waits until that is done. */
  void worksOnAnother() {
    String next = board.assigned("The next one", agent);
    Expect.settled(board, agent, next, "done");
  }

  /** The issue is done, with one comment, one subtask and one execution, and there is nothing left to do for it. */
  void isDoneOnce() {
    assertThat(board.status(issue)).as(this::logs).isEqualTo("done");
    assertThat(comments()).as(this::logs).singleElement().asString().startsWith("Worked off " + issue + ".");
    assertThat(Board.list(board.get("/companies/" + board.company() + "/issues?parentId=" + issue))).hasSize(1);
    assertThat(executions()).isEqualTo(1);
    assertThat(journal()).isEmpty();
  }

  /** The issue is blocked, says what has happened and asks with one card; once the board has looked, it is worked. */
  void isWorkedWhenTheBoardHasLooked(String words) {
    long executions = executions();
    assertThat(board.status(issue)).as(this::logs).isEqualTo("blocked");
    assertThat(comments()).as(this::logs).singleElement().asString().contains(words).contains("recovery notice");
    assertThat(board.cards(issue)).hasSize(1);
    assertThat(journal()).isEmpty();

    resolveRecovery();

    Expect.settled(board, agent, issue, "done");
    assertThat(comments()).hasSize(2);
    assertThat(executions()).isEqualTo(executions + 1);
    assertThat(journal()).isEmpty();
  }

  List<String> comments() {
    return Expect.words(board, issue);
  }

  long executions() {
    try {
      return Files.exists(worked) ? Files.readAllLines(worked).stream().filter(issue::equals).count() : 0;
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }

  int cents() {
    return board.get("/agents/" + agent).path("spentMonthlyCents").asInt();
  }

  /** What the agent still has to finish. */
  List<String> journal() {
    try (Stream<Path> files = Files.exists(state) ? Files.walk(state) : Stream.of()) {
      return files.map(Path::toString).filter(file -> file.contains("/journal/")).toList();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }

  /** The board says what became of the run that died, for each notice of it, which lets the server start another one. */
  void resolveRecovery() {
    Eventually.until("the server takes the board's word", this::logs, () -> {
      JsonNode notice = board.read(issue).path("executionBlocker");
      return notice.isNull() || (isTaken(notice) && board.read(issue).path("executionBlocker").isNull());
    });
  }

  /** It is refused while the server still tidies up after the run. */
  private boolean isTaken(JsonNode notice) {
    try {
      board.post("/issues/" + issue + "/recovery-actions/resolve", Map.of(
          "actionId", notice.path("recoveryActionId").asText(), "outcome", "restored", "sourceIssueStatus", "todo",
          "executionReconciliation", Map.of("runId", notice.path("runId").asText(), "providerStopped", true,
              "actionOutcome", "not_performed", "outcomeEvidence", "I have looked: nothing of it was done.")));
      return true;
    } catch (IllegalStateException refused) {
      return false;
    }
  }

  /** What the runs have said, the newest first. */
  String logs() {
    return board.status(issue) + "\n" + String.join("\n", board.runs(agent).stream()
        .map(run -> run.path("status").asText() + " " + run.path("error").asText("") + "\n" + board.log(run.path("id").asText()))
        .toList());
  }
}
