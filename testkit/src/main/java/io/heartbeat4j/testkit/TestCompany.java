package io.heartbeat4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.SeededCompany;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A company on a Paperclip server inside the JVM: an agent that uses the tested worker, its manager, and a goal. The
 * agent's heartbeats are real ones, with the runtime's nine steps and its client. {@link HeartbeatTest} makes one for
 * each test; elsewhere {@link #start()} does.
 *
 * <p>Not thread-safe.
 */
public final class TestCompany implements AutoCloseable {

  /**
   * The default limits of the worker. They are shorter than {@link #TIMEOUT}, so that the issue shows the reason.
   */
  public static final WorkLimits DEFAULT_LIMITS = new WorkLimits(Duration.ofSeconds(20), Duration.ZERO,
      Duration.ofMillis(200));

  /** How long a test waits for a heartbeat before it fails. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final EmbeddedPaperclip server;
  private final Path directory;
  private final TestWorkspace workspace;
  private final TestClock clock;
  private final Redactor redactor = Redactor.of(List.of());
  private final InProcessHeartbeatRunner heartbeats;
  private final List<Worker> workers = new ArrayList<>();
  private final String company;
  private final String goal;
  private final String manager;
  private final String self;

  private TestCompany(Vertx vertx, EmbeddedPaperclip server, Path directory) throws IOException {
    this.vertx = vertx;
    this.server = server;
    this.directory = directory;
    this.workspace = new TestWorkspace(Files.createDirectory(directory.resolve("workspace")));
    this.clock = new TestClock(server);
    this.heartbeats = new InProcessHeartbeatRunner(vertx, server, clock, DEFAULT_LIMITS, redactor, directory);
    SeededCompany seeded = await(SeededCompany.create(board(), "Test company", "Worker",
        Map.of("adapterConfig", Map.of("cwd", workspace.directory().toString()))));
    this.company = seeded.id();
    this.goal = seeded.goal();
    this.manager = seeded.manager();
    this.self = seeded.agent();
    server.setWakeHandler(self, heartbeats);
  }

  /** Starts a company whose agent has no worker yet. */
  public static TestCompany start() {
    Vertx vertx = Vertx.vertx();
    try {
      return new TestCompany(vertx, await(EmbeddedPaperclip.start(vertx)),
          Files.createTempDirectory("test-company-").toRealPath());
    } catch (IOException | RuntimeException failed) {
      await(vertx.close());
      throw failed instanceof IOException unwritable ? new UncheckedIOException(unwritable) : (RuntimeException) failed;
    }
  }

  /** Gives the agent a worker. {@link #close} closes it. */
  public TestCompany useWorker(Worker worker) {
    return useWorker(worker, DEFAULT_LIMITS);
  }

  /** Gives the agent a worker, with limits of its own. */
  public TestCompany useWorker(Worker worker, WorkLimits limits) {
    workers.add(worker);
    heartbeats.use(worker, limits);
    return this;
  }

  /**
   * Gives the agent the factory's worker.
   *
   * @param settings as an operator would write them; secrets among them are masked in what the heartbeats write
   * @throws io.heartbeat4j.worker.SettingsException if the settings are wrong
   */
  public TestCompany useWorker(WorkerFactory<?> factory, Map<String, Object> settings) {
    return useWorker(factory, settings, DEFAULT_LIMITS);
  }

  TestCompany useWorker(WorkerFactory<?> factory, Map<String, Object> settings, WorkLimits limits) {
    return useWorker(new SettingsReader(settings, System.getenv(), "worker.settings", redactor::register)
        .createWorker(factory), limits);
  }

  /** Closes the workers and forgets them. */
  void retireWorkers() throws Exception {
    heartbeats.retire();
    for (Worker worker : workers) {
      worker.close();
    }
    workers.clear();
  }

  /** A new issue, which nobody works on yet. */
  public TestIssue issue(String title) {
    return issue(title, "");
  }

  /** A new issue, which nobody works on yet. */
  public TestIssue issue(String title, String description) {
    return create(title, Map.of("description", description, "goalId", goal));
  }

  /** A new issue of the manager that waits for a review by the agent; waits for the agent's heartbeat. */
  public TestIssue requestReview(String title, String description) {
    return create(title, Map.of(
        "description", description, "status", "todo", "assigneeAgentId", manager, "goalId", goal,
        "executionPolicy", Map.of("stages", List.of(Map.of(
            "type", "review", "participants", List.of(Map.of("type", "agent", "agentId", self)))))))
        .update(Map.of("status", "in_review")).awaitHeartbeat();
  }

  private TestIssue create(String title, Map<String, ?> fields) {
    return new TestIssue(this, heartbeats, id(board().createIssue(company, title, fields)));
  }

  /** Creates an agent that reports to the worker's agent. It is paused, so that its issues stay unchanged. */
  public AgentId addReport(String name) {
    String report = id(board().createAgent(company, name, Map.of("reportsTo", self)));
    await(board().pauseAgent(report));
    return AgentId.of(report);
  }

  /** Sets the agent's monthly budget, in cents; 0 means no limit. */
  public void setMonthlyBudget(long cents) {
    await(board().setBudget(self, cents));
  }

  /** Stores instructions for the agent on the server. */
  public void setInstructions(String text) {
    await(board().request("PUT", "/api/agents/" + self + "/instructions-bundle/file",
        ProtocolJson.mapper().valueToTree(Map.of("path", "AGENTS.md", "content", text))));
  }

  /** The cost of the agent's work this month as reported to the server, in cents. */
  public long spentCents() {
    return await(board().readAgent(self)).path("spentMonthlyCents").asLong();
  }

  /** The agent that uses the tested worker. */
  public AgentId self() {
    return AgentId.of(self);
  }

  /** The agent that it reports to; it is paused. */
  public AgentId manager() {
    return AgentId.of(manager);
  }

  public TestWorkspace workspace() {
    return workspace;
  }

  public TestClock clock() {
    return clock;
  }

  /** The server: its requests, and faults to inject. */
  public EmbeddedPaperclip server() {
    return server;
  }

  /** The board's client, for what there is no method for; the company is {@link #id}. */
  public EmbeddedBoard board() {
    return server.board();
  }

  /** The id of the company. */
  public String id() {
    return company;
  }

  private static String id(Future<JsonNode> created) {
    return await(created).path("id").asText();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed.getCause());
    } catch (TimeoutException late) {
      throw new IllegalStateException("the embedded server did not answer within " + TIMEOUT.toSeconds() + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /** Closes the workers, then the server. */
  @Override
  public void close() throws Exception {
    try {
      retireWorkers();
    } finally {
      await(server.close());
      await(vertx.close());
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
