package io.heartbeat4j.embedded.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An agent whose runs are scripts that wait for the test. */
final class TestAgent {

  final TestCompany testCompany;
  final String id;
  final String name;
  private final Set<String> seenRunIds = new HashSet<>();

  TestAgent(TestCompany testCompany, String id, String name) {
    this.testCompany = testCompany;
    this.id = id;
    this.name = name;
  }

  /** The next run that has started. */
  LiveRun awaitRun() {
    return Await.value("a run of " + name, this::nextRun);
  }

  private Optional<LiveRun> nextRun() {
    JsonNode runs = runs();
    for (int i = runs.size() - 1; i >= 0; i--) {
      String runId = runs.get(i).path("id").asText();
      Path dump = testCompany.directory.resolve(runId + ".env");
      if (!seenRunIds.contains(runId) && Files.exists(dump)) {
        seenRunIds.add(runId);
        return Optional.of(new LiveRun(this, runId, environment(dump)));
      }
    }
    return Optional.empty();
  }

  /** All runs, newest first. */
  JsonNode runs() {
    return testCompany.board.get("/api/companies/" + testCompany.companyId + "/heartbeat-runs?agentId=" + id)
        .expectStatus(200);
  }

  /** The wake reasons of all runs, oldest first. */
  List<String> wakeReasons() {
    List<String> reasons = new java.util.ArrayList<>();
    runs().forEach(run -> reasons.add(0, run.path("contextSnapshot").path("wakeReason").asText("")));
    return reasons;
  }

  /** A new long-lived key, without a run. */
  TestApiClient keyClient() {
    JsonNode key = testCompany.board.post("/api/agents/" + id + "/keys", Map.of("name", "contract")).expectStatus(201);
    return testCompany.board.withBearer(key.path("token").asText());
  }

  JsonNode read() {
    return testCompany.board.get("/api/agents/" + id).expectStatus(200);
  }

  /** Wakes the agent for nothing in particular: its run is unscoped. */
  LiveRun awaitUnscopedRun() {
    testCompany.board.post("/api/agents/" + id + "/heartbeat/invoke", Map.of()).expectStatus(202);
    return awaitRun();
  }

  /** A run of the agent for a new issue, which the run has checked out. */
  LiveRun awaitRunFor(String title) {
    testCompany.createTodo(title, this);
    return awaitRun();
  }

  /** A live run that is scoped to an issue but owns nothing in progress. */
  LiveRun awaitIdleRun(String title) {
    LiveRun run = awaitRunFor(title);
    run.client().patch("/api/issues/" + run.issueId(), Map.of("status", "todo", "comment", "resting"))
        .expectStatus(200);
    return run;
  }

  void terminate() {
    testCompany.board.post("/api/agents/" + id + "/terminate", Map.of());
    runs().forEach(run -> LiveRun.writeStopFile(testCompany, run.path("id").asText(), 0));
  }

  private static Map<String, String> environment(Path dump) {
    Map<String, String> environment = new java.util.HashMap<>();
    try {
      for (String pair : Files.readString(dump).split("\0")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          environment.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return environment;
  }
}
