package io.heartbeat4j.heartbeat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.OptionalBinder;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.embedded.rules.ServerBehaviorOptions;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.wal.DirectScheduler;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.wal.WriteAheadLogFactory;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A company on an embedded server whose agents beat in this JVM; every wake runs one real heartbeat. */
final class HeartbeatFixture implements AutoCloseable {

  /** How a heartbeat ended: with an outcome, or with what it failed with. */
  record Ended(String agent, @Nullable HeartbeatOutcome outcome, @Nullable Throwable failure) {}

  private static final long LIMIT_SECONDS = 60;

  final Vertx vertx = Vertx.vertx();
  final EmbeddedPaperclip server;
  final EmbeddedBoard embeddedBoard;
  final String company;
  final String goal;
  final List<HeartbeatEvent> events = new CopyOnWriteArrayList<>();
  final Redactor redactor = Redactor.of(List.of());
  WorkLimits limits = new WorkLimits(Duration.ofSeconds(30), Duration.ZERO, Duration.ofMillis(200));
  private final Map<String, WorkerSource> workers = new LinkedHashMap<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final CancellationSource cancellation = new CancellationSource();
  final List<String> tokens = new CopyOnWriteArrayList<>();
  final List<String> warnings = new CopyOnWriteArrayList<>();
  Memory memory = this::onDisk;
  /** What a process exits with whose heartbeat has failed. After 0 the server only misses a disposition. */
  volatile int exitOfFailure = 1;
  final Path state;
  private volatile Injector injector;
  final PaperclipClient client;

  /** A server that is in no hurry to ask for what a run has left out. */
  static EmbeddedOptions withoutReminders() {
    Duration never = Duration.ofHours(1);
    return EmbeddedOptions.defaults().behavior(ServerBehaviorOptions.defaults()
        .missingCommentDelay(never).handoffDelay(never).reconciliationDelay(never));
  }

  HeartbeatFixture() {
    this(EmbeddedOptions.defaults());
  }

  HeartbeatFixture(EmbeddedOptions options) {
    server = await(EmbeddedPaperclip.start(vertx, options));
    embeddedBoard = server.board();
    company = id(await(embeddedBoard.createCompany("Scene")));
    goal = id(await(embeddedBoard.createGoal(company, "Ship")));
    try {
      state = Files.createTempDirectory("scene");
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    injector = injector(HeartbeatLimits.DEFAULT, Clock.systemUTC());
    client = PaperclipClient.connect(vertx, ServerUrl.of(server.url()), ClientOptions.defaults()
        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2))
        .withBackOff(Duration.ofMillis(5), Duration.ofMillis(20)));
  }

  private Injector injector(HeartbeatLimits limits, Clock clock) {
    return Guice.createInjector(
        new HeartbeatModule(vertx, clock, redactor, events::add),
        binder -> OptionalBinder.newOptionalBinder(binder, HeartbeatLimits.class).setBinding().toInstance(limits));
  }

  /** Other processes from now on, with the same state on disk. */
  void restart() {
    restart(HeartbeatLimits.DEFAULT, Clock.systemUTC());
  }

  void restart(HeartbeatLimits limits, Clock clock) {
    injector = injector(limits, clock);
  }

  /** Finishes what is in an agent's journal with a key of the agent, as {@code heartbeat journal settle} does. */
  List<OfflineRecovery.RecoveredIssue> settle(String agent) {
    AgentToken key = AgentToken.of(await(embeddedBoard.createKey(agent)));
    return await(Future.future(done -> vertx.runOnContext(go -> client.session(key).me()
        .compose(self -> injector.getInstance(OfflineRecovery.class)
            .recover(client, key, self, memory.of(client.url(), self.companyId(), self.id())))
        .onComplete(done))));
  }

  private AgentMemory onDisk(ServerUrl url, CompanyId company, AgentId agent) {
    return AgentMemory.of(FileStorage.on(vertx, state, Clock.systemUTC()), state, url, company, agent, warnings::add);
  }

  /** What a process has noted that took the wake's issue, as far as it is on disk. */
  LogEntry openLogEntry(InProcessWake wake) {
    return openLogEntry(wake, wake.context().path("issueId").asText());
  }

  LogEntry openLogEntry(InProcessWake wake, String issue) {
    Clock clock = Clock.systemUTC();
    return DirectScheduler.now(new WriteAheadLogFactory(redactor, clock)
        .forAgent(
            AgentMemory.of(new FileStorage(state, Runnable::run, clock), state, client.url(), CompanyId.of(company),
                AgentId.of(wake.agentId()), warnings::add),
            new DirectScheduler(clock))
        .begin(RunId.of(wake.runId()), IssueId.of(issue), "SCE-1"));
  }

  AgentMemory memoryOf(String agent) {
    return memory.of(client.url(), CompanyId.of(company), AgentId.of(agent));
  }

  /** Waits until a heartbeat has told this. */
  void awaitEvent(String words) {
    await(() -> events.stream().anyMatch(event -> event.message().contains(words)), "nobody has told that " + words);
  }

  /** Waits until the server has ended so many runs of the agent. */
  void awaitEndedRuns(String agent, int runs) {
    await(() -> list(await(embeddedBoard.runs(company, agent))).stream()
        .filter(run -> run.path("finishedAt").isTextual()).count() >= runs, "fewer than " + runs + " runs have ended");
  }

  void awaitStatus(String issue, String status) {
    await(() -> status(issue).equals(status), issue + " has not become " + status);
  }

  private static void await(BooleanSupplier fact, String otherwise) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!fact.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(otherwise);
      }
      Thread.onSpinWait();
    }
  }

  /** Where agents remember. */
  interface Memory {
    AgentMemory of(ServerUrl url, CompanyId company, AgentId agent);
  }

  /** The files that runs have left in their journals. */
  List<Path> logFiles() {
    try (Stream<Path> files = Files.walk(state)) {
      return files.filter(file -> Files.isRegularFile(file) && file.toString().contains("/journal/")).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A new agent with this worker. */
  String agent(String name, Worker worker, String... manager) {
    Map<String, Object> more = manager.length == 0 ? Map.of() : Map.of("reportsTo", manager[0]);
    String agent = id(await(embeddedBoard.createAgent(company, name, more)));
    wakeWith(agent, worker);
    return agent;
  }

  /** From now on the agent's wakes are heartbeats with this worker. */
  void wakeWith(String agent, Worker worker) {
    work(agent, () -> worker);
    server.setWakeHandler(agent, this::beat);
  }

  /** Gives an agent another worker. */
  void work(String agent, WorkerSource worker) {
    workers.put(agent, worker);
  }

  private Future<Integer> beat(InProcessWake wake) {
    tokens.add(wake.token());
    Future<HeartbeatOutcome> beat = beat(wake.agentId(), wake.environment());
    beat.onComplete(outcome -> vertx.runOnContext(look -> onRunEnded(wake.runId(),
        () -> ended.add(new Ended(wake.agentId(), outcome.result(), outcome.cause())))));
    return beat.map(outcome -> 0).otherwise(exitOfFailure);
  }

  /** A heartbeat has ended for a test when the server has ended its run: what the board does then wakes anew. */
  private void onRunEnded(String run, Runnable then) {
    embeddedBoard.readRun(run).onSuccess(answer -> {
      if (answer.path("finishedAt").isTextual()) {
        then.run();
      } else {
        vertx.setTimer(5, again -> onRunEnded(run, then));
      }
    }).onFailure(noRunEndpoint -> then.run());
  }

  /** Runs a heartbeat with these variables, as if a process had been started with them. */
  Future<HeartbeatOutcome> beat(String agent, Map<String, String> environment) {
    return beat(agent, () -> EnvironmentWakeReader.read(environment));
  }

  /** Runs a heartbeat of this call. */
  Future<HeartbeatOutcome> beat(String agent, Supplier<WakeRequest> read) {
    return Future.<HeartbeatOutcome>future(promise -> vertx.runOnContext(go -> {
      try {
        WakeRequest request = read.get();
        AgentSetup setup = new AgentSetup(
            () -> Objects.requireNonNull(workers.get(agent)).worker(), limits,
            memory.of(request.server(), request.company(), request.agent()), state);
        injector.getInstance(Heartbeat.class).run(client, request, setup, cancellation).onComplete(promise);
      } catch (RuntimeException failure) {
        promise.fail(failure);
      }
    }));
  }

  void cancel(String why) {
    cancellation.request(new WorkFailure(WorkFailure.Kind.CANCELLED, why));
  }

  String assigned(String title, String agent) {
    return issue(title, Map.of("status", "todo", "assigneeAgentId", agent, "goalId", goal));
  }

  String issue(String title, Map<String, ?> fields) {
    return id(await(embeddedBoard.createIssue(company, title, fields)));
  }

  /** Waits for the next heartbeat to end. */
  Ended next() {
    try {
      Ended next = ended.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no heartbeat ended within " + LIMIT_SECONDS + " s; " + events.size() + " events");
      }
      return next;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  HeartbeatOutcome nextOutcome() {
    Ended next = next();
    HeartbeatOutcome outcome = next.outcome();
    if (outcome == null) {
      throw new AssertionError("the heartbeat failed", next.failure());
    }
    return outcome;
  }

  /** Waits until no run of the company is queued or live, after at least one has ended. */
  void awaitIdle() {
    next();
    await(() -> list(await(embeddedBoard.read("/api/companies/" + company + "/heartbeat-runs"))).stream()
        .noneMatch(run -> List.of("queued", "running").contains(run.path("status").asText())),
        "the company never came to rest");
  }

  JsonNode read(String issue) {
    return await(embeddedBoard.readIssue(issue));
  }

  String status(String issue) {
    return read(issue).path("status").asText();
  }

  List<String> agentComments(String issue) {
    return list(await(embeddedBoard.comments(issue))).stream()
        .filter(comment -> comment.path("authorType").asText().equals("agent"))
        .map(comment -> comment.path("body").asText())
        .toList();
  }

  List<JsonNode> cards(String issue) {
    return list(await(embeddedBoard.interactions(issue)));
  }

  List<JsonNode> children(String issue) {
    return list(await(embeddedBoard.read("/api/companies/" + company + "/issues?parentId=" + issue)));
  }

  List<RecordedRequest> requests(String method, String pathRegex) {
    return server.requests().matching(method, pathRegex);
  }

  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  static String id(JsonNode node) {
    return node.path("id").asText();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  @Override
  public void close() {
    await(server.close());
    await(vertx.close());
  }
}
