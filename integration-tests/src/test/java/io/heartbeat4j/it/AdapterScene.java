package io.heartbeat4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A real server of its own with the adapter installed, a host with one profile that is not started yet, and agents. */
final class AdapterScene implements AutoCloseable {

  final HostProcess host;
  final BoardClient board;
  final List<String> agents = new ArrayList<>();
  final List<String> issues = new CopyOnWriteArrayList<>();
  private final Path directory;
  private final Path server;

  /**
   * @param directory empty; the server's data is in its folder {@code server}
   * @param script what the worker does before it is done
   */
  AdapterScene(Path directory, String script, int agents) throws IOException {
    this.directory = directory;
    this.server = directory.resolve("server");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    System.setProperty("paperclip.url", RealPaperclip.script("start", server.toString()).strip());
    this.host = new HostProcess(directory);
    host.addProfile("coder", work(directory, script), ", max-progress-lines: 1000000");
    new InstalledAdapter(directory, host); // goes with the server
    this.board = BoardClient.createCompany(RealPaperclip.url(), "Adapter");
    for (int i = 0; i < agents; i++) {
      this.agents.add(InstalledAdapter.createAgent(board, Map.of()));
    }
  }

  /** A script that tells its usage in a file too: the run, tokens, cents and issue. */
  private static String work(Path directory, String before) {
    return """
        echo "$PAPERCLIP_TASK_ID" >> %1$s/begun
        %2$s
        tokens=$(( $(od -An -N2 -tu2 /dev/urandom) + 1 )) cents=$(( $$ %% 9 + 1 ))
        cat > "$HEARTBEAT_RESULT_FILE" <<END
        {"result": "done", "summary": "Done, as asked.", "usage": [{"provider": "acme", "model": "large",
         "inputTokens": $tokens, "outputTokens": 7, "costUsd": 0.0$cents}]}
        END
        echo "$PAPERCLIP_RUN_ID $tokens $cents $PAPERCLIP_TASK_ID" >> %1$s/told
        """.formatted(directory, before);
  }

  /** Creates so many issues, which wake their agents. */
  void assign(int count) {
    for (int i = 0; i < count; i++) {
      issues.add(board.createAssignedIssue("Issue " + i, agents.get(i % agents.size())));
    }
  }

  void awaitWork() {
    Await.until("the work has begun", host::log, () -> !begun().isEmpty());
  }

  /** Waits until every issue is settled or parked, and no run is left. */
  void awaitSettled() {
    Await.until("all is settled", this::statuses, this::isSettled);
  }

  /** Whether no issue that was assigned so far is left to work on, and no run is left. */
  boolean isSettled() {
    return !issues.isEmpty()
        && issues.stream().allMatch(issue -> List.of("done", "blocked").contains(board.issueStatus(issue)))
        && agents.stream().allMatch(agent -> IssueAssertions.allRunsOver(board, agent));
  }

  private List<String> statuses() {
    return issues.stream().map(board::issueStatus).toList();
  }

  void killServer() {
    RealPaperclip.script("kill", server.toString());
  }

  /** Starts the server, and stops it before if it runs. */
  void restartServer() {
    RealPaperclip.script("restart", server.toString());
  }

  /** The issues on which work has begun, one entry each time. */
  List<String> begun() {
    return lines("begun");
  }

  /** What the worker has told: the run, tokens, cents and issue. */
  List<String[]> told() {
    return lines("told").stream().map(line -> line.split(" ")).toList();
  }

  /** All runs of all agents, whole. */
  List<JsonNode> runs() {
    return agents.stream().flatMap(agent -> board.runs(agent).stream())
        .map(run -> board.get("/heartbeat-runs/" + run.path("id").asText())).toList();
  }

  private List<String> lines(String file) {
    try {
      return Files.exists(directory.resolve(file)) ? Files.readAllLines(directory.resolve(file)) : List.of();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }

  static void pause(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    host.close();
    RealPaperclip.script("clean", server.toString());
  }
}
