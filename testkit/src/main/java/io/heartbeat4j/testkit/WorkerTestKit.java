package io.heartbeat4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
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
 * Runs a worker in real heartbeats, with the runtime's nine steps and its client, on a Paperclip server inside the JVM.
 * Every method that makes the server wake the agent returns when that heartbeat has ended, and fails after 30 seconds.
 *
 * <pre>{@code
 * try (WorkerTestKit kit = WorkerTestKit.start(new MyFactory(), Map.of("greeting", "Hello"))) {
 *   IssueAfterHeartbeat worked = kit.assignIssue("Greet the newcomer", "Be nice.");
 *   assertEquals(IssueStatus.DONE, worked.status(), worked::toString);
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class WorkerTestKit implements AutoCloseable {

  /**
   * The default limits of the worker. They are shorter than the kit's timeout, so that the issue shows the reason.
   */
  public static final WorkLimits DEFAULT_LIMITS = new WorkLimits(Duration.ofSeconds(20), Duration.ZERO,
      Duration.ofMillis(200));

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final EmbeddedPaperclip server;
  private final Worker worker;
  private final Path directory;
  private final InProcessHeartbeatRunner agent;
  private final String company;
  private final String goal;
  private final String manager;
  private final String self;

  private WorkerTestKit(
      Vertx vertx, EmbeddedPaperclip server, Worker worker, WorkLimits limits, Redactor redactor, Path directory) {
    this.vertx = vertx;
    this.server = server;
    this.worker = worker;
    this.directory = directory;
    this.agent = new InProcessHeartbeatRunner(vertx, worker, limits, redactor, directory);
    this.company = id(board().createCompany("Test company"));
    this.goal = id(board().createGoal(company, "What the company is for"));
    this.manager = createPausedAgent("Manager", Map.of("role", "ceo"));
    this.self = id(board().createAgent(company, "Worker", Map.of("reportsTo", manager)));
    server.setWakeHandler(self, agent);
  }

  /** Starts a kit with a worker that needs no settings. */
  public static WorkerTestKit start(Worker worker) {
    return start(worker, DEFAULT_LIMITS);
  }

  /** Starts a kit with other limits. */
  public static WorkerTestKit start(Worker worker, WorkLimits limits) {
    return start(worker, limits, Redactor.of(List.of()));
  }

  /**
   * Starts a kit with the factory's worker.
   *
   * @param settings as an operator would write them
   * @throws io.heartbeat4j.worker.SettingsException if the settings are wrong
   */
  public static WorkerTestKit start(WorkerFactory<?> factory, Map<String, Object> settings) {
    Redactor redactor = Redactor.of(List.of());
    Worker worker = new SettingsReader(settings, System.getenv(), "worker.settings", redactor::register)
        .createWorker(factory);
    return start(worker, DEFAULT_LIMITS, redactor);
  }

  private static WorkerTestKit start(Worker worker, WorkLimits limits, Redactor redactor) {
    Vertx vertx = Vertx.vertx();
    try {
      return new WorkerTestKit(vertx, await(EmbeddedPaperclip.start(vertx)), worker, limits, redactor,
          Files.createTempDirectory("worker-kit-"));
    } catch (IOException | RuntimeException failed) {
      await(vertx.close());
      throw failed instanceof IOException unwritable ? new UncheckedIOException(unwritable) : (RuntimeException) failed;
    }
  }

  /** Assigns a new issue to the agent, and waits for its heartbeat. */
  public IssueAfterHeartbeat assignIssue(String title, String description) {
    String issue = id(board().createIssue(company, title, Map.of(
        "description", description, "status", "todo", "assigneeAgentId", self, "goalId", goal)));
    return awaitHeartbeat(issue);
  }

  /** Comments as a person on an issue of the agent, which wakes it, and waits for its heartbeat. */
  public IssueAfterHeartbeat comment(IssueAfterHeartbeat worked, String text) {
    await(board().addComment(id(worked), text));
    return awaitHeartbeat(id(worked));
  }

  /** Creates an issue of the manager and mentions the agent on it: the worker's context is read-only. */
  public IssueAfterHeartbeat mentionAgent(String title, String text) {
    String issue = id(board().createIssue(company, title, Map.of(
        "status", "todo", "assigneeAgentId", manager, "goalId", goal)));
    await(board().addComment(issue, "[@Worker](agent://" + self + ") " + text));
    return awaitHeartbeat(issue);
  }

  /**
   * Creates an issue of the manager that waits for a review by the agent, and waits for the heartbeat.
   */
  public IssueAfterHeartbeat requestReview(String title, String description) {
    String issue = id(board().createIssue(company, title, Map.of(
        "description", description, "status", "todo", "assigneeAgentId", manager, "goalId", goal,
        "executionPolicy", Map.of("stages", List.of(Map.of(
            "type", "review", "participants", List.of(Map.of("type", "agent", "agentId", self))))))));
    await(board().updateIssue(issue, Map.of("status", "in_review")));
    return awaitHeartbeat(issue);
  }

  /** Accepts the issue's pending card, which wakes the agent, and waits for its heartbeat. */
  public IssueAfterHeartbeat accept(IssueAfterHeartbeat worked) {
    await(board().acceptInteraction(id(worked), pendingInteraction(worked).id().toString()));
    return awaitHeartbeat(id(worked));
  }

  /** Rejects the issue's pending card, which wakes the agent, and waits for its heartbeat. */
  public IssueAfterHeartbeat reject(IssueAfterHeartbeat worked, String reason) {
    await(board().rejectInteraction(id(worked), pendingInteraction(worked).id().toString(), reason));
    return awaitHeartbeat(id(worked));
  }

  /** Answers the questions of the issue's pending card: the chosen option of each, by the questions' ids. */
  public IssueAfterHeartbeat answer(IssueAfterHeartbeat worked, Map<String, String> options) {
    List<Map<String, Object>> answers = new ArrayList<>();
    options.forEach((question, option) -> answers.add(Map.of("questionId", question, "optionIds", List.of(option))));
    JsonNode body = ProtocolJson.mapper().valueToTree(Map.of("answers", answers));
    await(board().answerInteraction(id(worked), pendingInteraction(worked).id().toString(), body));
    return awaitHeartbeat(id(worked));
  }

  /** Creates an agent that reports to the worker's agent. It is paused, so that its issues stay unchanged. */
  public AgentId addReport(String name) {
    return AgentId.of(createPausedAgent(name, Map.of("reportsTo", self)));
  }

  /** Sets the agent's monthly budget, in cents; 0 means no limit. */
  public void setMonthlyBudget(long cents) {
    await(board().request("PATCH", "/api/agents/" + self,
        ProtocolJson.mapper().valueToTree(Map.of("budgetMonthlyCents", cents))));
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

  /** The text of a document on an issue. */
  public String documentText(IssueAfterHeartbeat worked, String key) {
    return await(board().read("/api/issues/" + id(worked) + "/documents/" + key)).path("body").asText();
  }

  /** The agent that uses the tested worker. */
  public AgentId self() {
    return AgentId.of(self);
  }

  /** The board's client, for requests that the kit has no method for; the company is {@link #company}. */
  public EmbeddedBoard board() {
    return server.board();
  }

  public String company() {
    return company;
  }

  /** Waits for the next heartbeat of an issue, after the test itself made the server start it. */
  public IssueAfterHeartbeat awaitNextHeartbeat(String issueId) {
    return awaitHeartbeat(issueId);
  }

  private IssueAfterHeartbeat awaitHeartbeat(String issue) {
    InProcessHeartbeatRunner.CompletedHeartbeat completedHeartbeat;
    try {
      completedHeartbeat = agent.completedHeartbeats(issue).poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the agent worked", interrupted);
    }
    if (completedHeartbeat == null) {
      throw new IllegalStateException("no heartbeat of this issue ended within " + TIMEOUT.toSeconds() + " s; it is "
          + await(board().readIssue(issue)).path("status").asText());
    }
    if (completedHeartbeat.outcome().failed()) {
      throw new IllegalStateException(
          "the heartbeat could not settle the issue: " + completedHeartbeat.outcome().cause().getMessage()
              + "\n" + IssueAfterHeartbeat.formatTimeline(completedHeartbeat.timeline()),
          completedHeartbeat.outcome().cause());
    }
    List<String> comments = all(Comment.class, board().comments(issue)).stream()
        .filter(comment -> comment.isBy(self()))
        .map(Comment::body)
        .toList();
    return new IssueAfterHeartbeat(
        read(Issue.class, await(board().readIssue(issue))),
        comments,
        all(Interaction.class, board().interactions(issue)),
        all(Issue.class, board().read("/api/companies/" + company + "/issues?parentId=" + issue)),
        completedHeartbeat.timeline(),
        completedHeartbeat.outcome().result());
  }

  private static Interaction pendingInteraction(IssueAfterHeartbeat worked) {
    return worked.interactions().stream().filter(Interaction::isPending).findFirst()
        .orElseThrow(() -> new IllegalStateException("no card is pending on the issue:\n" + worked));
  }

  /** Creates an agent that is never woken. */
  private String createPausedAgent(String name, Map<String, ?> more) {
    String id = id(board().createAgent(company, name, more));
    await(board().pauseAgent(id));
    return id;
  }

  private static String id(IssueAfterHeartbeat worked) {
    return worked.issue().id().toString();
  }

  private static String id(Future<JsonNode> created) {
    return await(created).path("id").asText();
  }

  private static <T> List<T> all(Class<T> type, Future<JsonNode> answer) {
    List<T> all = new ArrayList<>();
    await(answer).forEach(item -> all.add(read(type, item)));
    return all;
  }

  private static <T> T read(Class<T> type, JsonNode json) {
    return ProtocolJson.mapper().convertValue(json, type);
  }

  private static <T> T await(Future<T> future) {
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

  /** Closes the worker, then the server. */
  @Override
  public void close() throws Exception {
    try {
      worker.close();
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
