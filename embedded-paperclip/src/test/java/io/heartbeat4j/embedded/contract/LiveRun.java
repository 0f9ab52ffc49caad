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

  private static final Set<String> OVER = Set.of("succeeded", "failed", "cancelled", "timed_out", "interrupted");

  /** The API with the run's token and run id. */
  Api api() {
    return token().run(id);
  }

  /** The API with the run's token only. */
  Api token() {
    return agent.work.board.bearer(variable("PAPERCLIP_API_KEY"));
  }

  String variable(String name) {
    return Objects.requireNonNull(environment.get(name), name);
  }

  JsonNode read() {
    return agent.work.board.get("/api/heartbeat-runs/" + id).expect(200);
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

  Reply checkout(String issueId, String... expectedStatuses) {
    return api()
        .post(
            "/api/issues/" + issueId + "/checkout",
            Map.of("agentId", agent.id, "expectedStatuses", expectedStatuses));
  }

  Reply patch(String issueId, Map<String, ?> body) {
    return api().patch("/api/issues/" + issueId, body);
  }

  Reply comment(String issueId, String body) {
    return api().post("/api/issues/" + issueId + "/comments", Map.of("body", body));
  }

  /** Ends the process with success and waits until the server has drawn all its conclusions. */
  void end() {
    end(0);
  }

  void end(int exitCode) {
    writeStop(agent.work, id, exitCode);
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
    Await.until("run to be over", () -> OVER.contains(status()));
  }

  boolean wasToldToStop() {
    return Files.exists(agent.work.directory.resolve(id + ".term"));
  }

  boolean isGone() {
    return Files.exists(agent.work.directory.resolve(id + ".gone"));
  }

  static void writeStop(Workplace work, String runId, int exitCode) {
    Path stop = work.directory.resolve(runId + ".stop");
    Path draft = work.directory.resolve(runId + ".stop.tmp");
    try {
      Files.writeString(draft, Integer.toString(exitCode));
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(draft, stop, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
