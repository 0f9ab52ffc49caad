package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An agent in a company of its own and an issue that it has been given. Its worker makes a subtask, costs ten cents,
 * and counts how often it works on what.
 */
final class AgentUnderTest {

  private static final String WORK = """
      cat > "$HEARTBEAT_RESULT_FILE" <<END
      {"result": "done", "summary": "Worked off $PAPERCLIP_TASK_ID.", "delegations": [{"title": "After $PAPERCLIP_TASK_ID"}],
       "usage": [{"provider": "acme", "model": "large", "costUsd": 0.10}]}
      END
      """;

  final BoardClient boardClient;
  final String agentId;
  final String issueId;
  private final Path executionsFile;
  private final Path state;

  private AgentUnderTest(String name, InstalledDistribution installedDistribution, String server,
      Map<String, String> environment, String work)
      throws IOException {
    this.boardClient = BoardClient.createCompany(server, name);
    this.executionsFile = installedDistribution.signalFile(name + "-worked");
    this.state = installedDistribution.stateDirectory().resolve(name);
    Map<String, String> variables = new LinkedHashMap<>(environment);
    variables.put("HEARTBEAT_STATE_DIR", state.toString());
    this.agentId = boardClient.createAgent("Wren",
        installedDistribution.shellAgentConfig(name, "echo \"$PAPERCLIP_TASK_ID\" >> " + executionsFile + "\n" + work,
            variables));
    this.issueId = boardClient.createAssignedIssue("Something goes wrong with this", agentId);
  }

  /** One whose way to the server is the proxy. */
  static AgentUnderTest behindProxy(RequestHoldingProxy proxy, String name, InstalledDistribution installedDistribution,
      String server) throws IOException {
    return new AgentUnderTest(name, installedDistribution, server, Map.of("HEARTBEAT_API_URL", proxy.url()), WORK);
  }

  /** One that does this before its work is done. */
  static AgentUnderTest withScriptBeforeWork(String script, String name, InstalledDistribution installedDistribution,
      String server) throws IOException {
    return new AgentUnderTest(name, installedDistribution, server, Map.of(), script + "\n" + WORK);
  }

  /** A script that waits for the file. */
  static String waitForFileScript(Path file) {
    return "while [ ! -e " + file + " ]; do sleep 0.1; done";
  }

  void awaitWork() {
    Await.until("the work has begun", this::logs, () -> executions() > 0);
  }

  /** The process of the agent's live run. */
  ProcessHandle process() {
    long pid = boardClient.runs(agentId).get(0).path("processPid").asLong();
    return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError("no process " + pid + "\n" + logs()));
  }

  /** Waits until no run is left. */
  void awaitRunEnd() {
    Await.until("the run is over", this::logs, () -> IssueAssertions.allRunsOver(boardClient, agentId));
  }

  /** Gives the agent another issue, and waits until that is done. */
  void completeNextIssue() {
    String next = boardClient.createAssignedIssue("The next one", agentId);
    IssueAssertions.awaitSettled(boardClient, agentId, next, "done");
  }

  /** The issue is done, with one comment, one subtask and one execution, and there is nothing left to do for it. */
  void assertDoneOnce() {
    assertThat(boardClient.issueStatus(issueId)).as(this::logs).isEqualTo("done");
    assertThat(comments()).as(this::logs).singleElement().asString().startsWith("Worked off " + issueId + ".");
    assertThat(
        BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/issues?parentId=" + issueId)))
        .hasSize(1);
    assertThat(executions()).isEqualTo(1);
    assertThat(pendingLogFiles()).isEmpty();
  }

  /** The issue is blocked, says what has happened and asks with one card; once the board has looked, it is worked. */
  void assertDoneAfterBoardResolves(String words) {
    long executions = executions();
    assertThat(boardClient.issueStatus(issueId)).as(this::logs).isEqualTo("blocked");
    assertThat(comments()).as(this::logs).singleElement().asString().contains(words).contains("recovery notice");
    assertThat(boardClient.interactions(issueId)).hasSize(1);
    assertThat(pendingLogFiles()).isEmpty();

    resolveRecovery();

    IssueAssertions.awaitSettled(boardClient, agentId, issueId, "done");
    assertThat(comments()).hasSize(2);
    assertThat(executions()).isEqualTo(executions + 1);
    assertThat(pendingLogFiles()).isEmpty();
  }

  List<String> comments() {
    return IssueAssertions.agentCommentBodies(boardClient, issueId);
  }

  long executions() {
    try {
      return Files.exists(executionsFile) ? Files.readAllLines(executionsFile).stream().filter(issueId::equals).count()
          : 0;
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }

  int spentCents() {
    return boardClient.get("/agents/" + agentId).path("spentMonthlyCents").asInt();
  }

  /** What the agent still has to finish. */
  List<String> pendingLogFiles() {
    try (Stream<Path> files = Files.exists(state) ? Files.walk(state) : Stream.of()) {
      return files.map(Path::toString).filter(file -> file.contains("/journal/")).toList();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }

  /**
   * The board says what became of the run that died, for each notice of it, which lets the server start another one.
   */
  void resolveRecovery() {
    Await.until("the server takes the board's word", this::logs, () -> {
      JsonNode notice = boardClient.issue(issueId).path("executionBlocker");
      return notice.isNull() || (tryResolve(notice) && boardClient.issue(issueId).path("executionBlocker").isNull());
    });
  }

  /** It is refused while the server still tidies up after the run. */
  private boolean tryResolve(JsonNode notice) {
    try {
      boardClient.post("/issues/" + issueId + "/recovery-actions/resolve", Map.of(
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
    return boardClient.issueStatus(issueId) + "\n" + String.join("\n", boardClient.runs(agentId).stream()
        .map(run -> run.path("status").asText() + " " + run.path("error").asText("") + "\n"
            + boardClient.runLog(run.path("id").asText()))
        .toList());
  }
}
