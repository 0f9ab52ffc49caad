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
final class TestCompany {

  private static final AtomicInteger COUNTER = new AtomicInteger();

  final TestApiClient board;
  final String companyId;
  final Path directory;
  private final Path script;
  private final List<TestAgent> agents = new ArrayList<>();

  private TestCompany(TestApiClient board, String companyId, Path directory, Path script) {
    this.board = board;
    this.companyId = companyId;
    this.directory = directory;
    this.script = script;
  }

  static TestCompany create(String url, String purpose) {
    TestApiClient board = new TestApiClient(url, Map.of());
    String name = uniquePrefix() + " " + COUNTER.incrementAndGet() + " " + purpose;
    JsonNode company = board.post("/api/companies", Map.of("name", name)).expectStatus(201);
    try {
      // a real server may run as another user
      Path directory = Files.createTempDirectory("paperclip-contract-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      Path script = directory.resolve("agent.sh");
      try (InputStream source = Objects.requireNonNull(TestCompany.class.getResourceAsStream("/contract/agent.sh"))) {
        Files.copy(source, script);
      }
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new TestCompany(board, company.path("id").asText(), directory, script);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Three letters of its own for each company: they begin its issues' identifiers, which a server makes
   * one letter longer for every company with the same ones, until they no longer fit into its notices.
   */
  private static String uniquePrefix() {
    long seed = System.nanoTime() / 1000;
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      letters.append((char) ('A' + seed % 26));
      seed /= 26;
    }
    return letters.toString();
  }

  TestAgent createAgent(String name) {
    return createAgent(name, Map.of());
  }

  TestAgent createAgent(String name, Map<String, ?> more) {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("AGENT_DUMP_DIR", directory.toString());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("role", "engineer");
    body.put("adapterType", "process");
    body.put("adapterConfig", Map.of("command", script.toString(), "env", environment));
    body.putAll(more);
    JsonNode created = board.post("/api/companies/" + companyId + "/agents", body).expectStatus(201);
    TestAgent agent = new TestAgent(this, created.path("id").asText(), name);
    agents.add(agent);
    return agent;
  }

  /** Settings of a process agent that takes its time to die. */
  Map<String, Object> slowTerminationConfig(String seconds) {
    Map<String, Object> environment = Map.of("AGENT_DUMP_DIR", directory.toString(), "AGENT_TERM_SECONDS", seconds);
    return Map.of("adapterConfig", Map.of("command", script.toString(), "env", environment));
  }

  /** A new issue; it wakes its assignee unless it stays in the backlog. */
  String createIssueId(String title, Map<String, ?> more) {
    return createIssue(title, more).path("id").asText();
  }

  JsonNode createIssue(String title, Map<String, ?> more) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("title", title);
    body.putAll(more);
    return board.post("/api/companies/" + companyId + "/issues", body).expectStatus(201);
  }

  /** A todo for the agent, which starts a run for it. */
  String createTodo(String title, TestAgent agent) {
    return createIssueId(title, Map.of("assigneeAgentId", agent.id, "status", "todo"));
  }

  /** An issue of the agent that wakes nobody. */
  String createBacklog(String title, TestAgent agent) {
    return createIssueId(title, Map.of("assigneeAgentId", agent.id, "status", "backlog"));
  }

  JsonNode read(String issueId) {
    return board.get("/api/issues/" + issueId).expectStatus(200);
  }

  String status(String issueId) {
    return read(issueId).path("status").asText();
  }

  void awaitStatus(String issueId, String status) {
    Await.until("issue to become " + status, () -> status(issueId).equals(status));
  }

  TestResponse patchAsBoard(String issueId, Map<String, ?> body) {
    return board.patch("/api/issues/" + issueId, body);
  }

  String issues(String query) {
    return "/api/companies/" + companyId + "/issues" + query;
  }

  /** Ends all agents, whatever a failed test left running. */
  void close() {
    agents.forEach(TestAgent::terminate);
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
