package io.heartbeat4j.embedded.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A run that has started, with what its process found in its environment. */
record LiveRun(TestAgent agent, String id, Map<String, String> environment) {

  private static final Set<String> TERMINAL_STATUSES = Set.of("succeeded", "failed", "cancelled", "timed_out",
      "interrupted");

  /** The API with the run's token and run id. */
  TestApiClient client() {
    return tokenClient().withRunId(id);
  }

  /** The API with the run's token only. */
  TestApiClient tokenClient() {
    return agent.testCompany.board.withBearer(variable("PAPERCLIP_API_KEY"));
  }

  String variable(String name) {
    return Objects.requireNonNull(environment.get(name), name);
  }

  JsonNode read() {
    return agent.testCompany.board.get("/api/heartbeat-runs/" + id).expectStatus(200);
  }

  JsonNode context() {
    return read().path("contextSnapshot");
  }

  String wakeReason() {
    return context().path("wakeReason").asText();
  }

  String issueId() {
    return context().path("issueId").asText();
  }

  String status() {
    return read().path("status").asText();
  }

  /** The issue that the run is about, with the path of its route. */
  String issuePath() {
    return "/api/issues/" + issueId();
  }

  TestResponse checkout(String issueId, String... expectedStatuses) {
    return client()
        .post(
            "/api/issues/" + issueId + "/checkout",
            Map.of("agentId", agent.id, "expectedStatuses", expectedStatuses));
  }

  TestResponse patch(String issueId, Map<String, ?> body) {
    return client().patch("/api/issues/" + issueId, body);
  }

  TestResponse comment(String issueId, String body) {
    return client().post("/api/issues/" + issueId + "/comments", Map.of("body", body));
  }

  /** Ends the process with success and waits until the server has drawn all its conclusions. */
  void endProcess() {
    endProcess(0);
  }

  void endProcess(int exitCode) {
    writeStopFile(agent.testCompany, id, exitCode);
    awaitOver();
    Await.until("the agent's last heartbeat to be noted", this::isConcluded);
  }

  /** The server shows the end of a run first, then decides what follows, and notes the agent's heartbeat last. */
  private boolean isConcluded() {
    String noted = agent.read().path("lastHeartbeatAt").asText("");
    Instant finished = Instant.parse(read().path("finishedAt").asText());
    return !noted.isEmpty() && !Instant.parse(noted).isBefore(finished);
  }

  void awaitOver() {
    Await.until("run to be over", () -> TERMINAL_STATUSES.contains(status()));
  }

  boolean hasReceivedTerm() {
    return Files.exists(agent.testCompany.directory.resolve(id + ".term"));
  }

  boolean hasExited() {
    return Files.exists(agent.testCompany.directory.resolve(id + ".gone"));
  }

  static void writeStopFile(TestCompany testCompany, String runId, int exitCode) {
    Path stop = testCompany.directory.resolve(runId + ".stop");
    Path draft = testCompany.directory.resolve(runId + ".stop.tmp");
    try {
      Files.writeString(draft, Integer.toString(exitCode));
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(draft, stop, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
