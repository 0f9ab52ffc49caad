package io.heartbeat4j.embedded.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** A fresh company with agents under the test's control. */
final class Workplace {

  private static final AtomicInteger COUNTER = new AtomicInteger();

  final Api board;
  final String companyId;
  final Path directory;
  private final Path script;
  private final List<TestAgent> agents = new ArrayList<>();

  private Workplace(Api board, String companyId, Path directory, Path script) {
    this.board = board;
    this.companyId = companyId;
    this.directory = directory;
    this.script = script;
  }

  static Workplace open(String url, String purpose) {
    Api board = new Api(url, Map.of());
    String name = letters() + " " + COUNTER.incrementAndGet() + " " + purpose;
    JsonNode company = board.post("/api/companies", Map.of("name", name)).expect(201);
    try {
      // a real server may run as another user
      Path directory = Files.createTempDirectory("paperclip-contract-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      Path script = directory.resolve("agent.sh");
      try (InputStream source = Objects.requireNonNull(Workplace.class.getResourceAsStream("/contract/agent.sh"))) {
        Files.copy(source, script);
      }
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new Workplace(board, company.path("id").asText(), directory, script);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Three letters of its own for each company: they begin its issues' identifiers, which a server makes
   * one letter longer for every company with the same ones, until they no longer fit into its notices.
   */
  private static String letters() {
    long seed = System.nanoTime() / 1000;
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      letters.append((char) ('A' + seed % 26));
      seed /= 26;
    }
    return letters.toString();
  }

  TestAgent agent(String name) {
    return agent(name, Map.of());
  }

  TestAgent agent(String name, Map<String, ?> more) {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("AGENT_DUMP_DIR", directory.toString());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("role", "engineer");
    body.put("adapterType", "process");
    body.put("adapterConfig", Map.of("command", script.toString(), "env", environment));
    body.putAll(more);
    JsonNode created = board.post("/api/companies/" + companyId + "/agents", body).expect(201);
    TestAgent agent = new TestAgent(this, created.path("id").asText(), name);
    agents.add(agent);
    return agent;
  }

  /** Settings of a process agent that takes its time to die. */
  Map<String, Object> slowToDie(String seconds) {
    Map<String, Object> environment = Map.of("AGENT_DUMP_DIR", directory.toString(), "AGENT_TERM_SECONDS", seconds);
    return Map.of("adapterConfig", Map.of("command", script.toString(), "env", environment));
  }

  /** A new issue; it wakes its assignee unless it stays in the backlog. */
  String issue(String title, Map<String, ?> more) {
    return createIssue(title, more).path("id").asText();
  }

  JsonNode createIssue(String title, Map<String, ?> more) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("title", title);
    body.putAll(more);
    return board.post("/api/companies/" + companyId + "/issues", body).expect(201);
  }

  /** A todo for the agent, which starts a run for it. */
  String todo(String title, TestAgent agent) {
    return issue(title, Map.of("assigneeAgentId", agent.id, "status", "todo"));
  }

  /** An issue of the agent that wakes nobody. */
  String backlog(String title, TestAgent agent) {
    return issue(title, Map.of("assigneeAgentId", agent.id, "status", "backlog"));
  }

  JsonNode read(String issueId) {
    return board.get("/api/issues/" + issueId).expect(200);
  }

  String status(String issueId) {
    return read(issueId).path("status").asText();
  }

  void awaitStatus(String issueId, String status) {
    Await.until("issue to become " + status, () -> status(issueId).equals(status));
  }

  Reply patchAsBoard(String issueId, Map<String, ?> body) {
    return board.patch("/api/issues/" + issueId, body);
  }

  String issues(String query) {
    return "/api/companies/" + companyId + "/issues" + query;
  }

  /** Ends all agents, whatever a failed test left running. */
  void close() {
    agents.forEach(TestAgent::dismiss);
    try (var files = Files.walk(directory)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException stillInUse) {
                  file.toFile().deleteOnExit();
                }
              });
    } catch (IOException | UncheckedIOException goneAlready) {
      directory.toFile().deleteOnExit();
    }
  }
}
