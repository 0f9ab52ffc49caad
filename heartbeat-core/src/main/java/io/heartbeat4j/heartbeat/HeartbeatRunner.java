package io.heartbeat4j.heartbeat;

import com.google.inject.Guice;
import com.google.inject.Module;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.Detachment;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.heartbeat.work.UsageDestination;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.heartbeat.work.WorkerThreadStarter;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.worker.Budget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs heartbeats inside an application, on its Vert.x and with its clock and storage. A heartbeat has an event-loop
 * context of its own; its worker has a thread of its own. All share the connections to a server. Thread-safe.
 */
public final class HeartbeatRunner {

  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatRunner.class);
  private static final Duration POSTPONEMENT = Duration.ofMinutes(1);
  private static final WorkFailure CLOSING = new WorkFailure(WorkFailure.Kind.HOST_SHUTDOWN,
      "The application is shutting down.");

  private final Builder options;
  private final Storage storage;
  private final ProviderGateRegistry gates;
  private final Heartbeat heartbeat;
  private final Map<ServerUrl, PaperclipClient> servers = new ConcurrentHashMap<>();
  private final Map<RunId, RunningHeartbeat> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private HeartbeatRunner(Builder options) {
    this.options = options;
    this.storage = options.storage.orElseGet(() -> FileStorage.on(options.vertx, options.directory, options.clock));
    this.gates = options.gates.orElseGet(() -> new ProviderGateRegistry(options.clock, RandomGenerator.getDefault()));
    List<HeartbeatListener> listeners = new ArrayList<>(options.listeners);
    listeners.add(this::onEvent);
    List<Module> modules = new ArrayList<>(options.policies);
    modules.add(new HeartbeatModule(Scheduler.of(options.vertx, options.clock), options.threads, options.redactor,
        listeners.toArray(HeartbeatListener[]::new)));
    this.heartbeat = Guice.createInjector(modules).getInstance(Heartbeat.class);
  }

  /**
   * A runner with the defaults: the system's clock, files in the directory, virtual threads.
   *
   * @param worker asked once in each heartbeat that has an issue to work, on the thread of the work
   * @param directory of the state: the write-ahead log, the memory of issues, and what workers keep
   */
  public static Builder builder(Vertx vertx, WorkerSource worker, Path directory) {
    return new Builder(vertx, worker, directory);
  }

  /**
   * Starts the heartbeat of a wake. A run that has not ended is not started a second time, so a wake may be delivered
   * again. After {@link #close} the outcome is a failure.
   */
  public RunningHeartbeat start(WakeRequest request) {
    RunningHeartbeat started = new RunningHeartbeat();
    RunningHeartbeat earlier = running.putIfAbsent(request.run(), started);
    if (earlier != null) {
      return earlier;
    }
    options.vertx.runOnContext(go -> run(request, started).onComplete(ended -> {
      running.remove(request.run());
      started.end(ended);
    }));
    return started;
  }

  private Future<HeartbeatOutcome> run(WakeRequest request, RunningHeartbeat started) {
    if (closed) {
      return Future.failedFuture(new IllegalStateException("the heartbeats of this application are closed"));
    }
    AgentSetup setup = new AgentSetup(
        started.tracking(options.worker),
        options.limits,
        AgentMemory.of(storage, options.directory, request.server(), request.company(), request.agent(),
            options.warnings),
        options.scratch, Budget.UNLIMITED, gates, new UsageDestination.CostEvents(), new Detachment());
    PaperclipClient server = servers.computeIfAbsent(request.server(),
        url -> PaperclipClient.connect(options.vertx, url, ClientOptions.defaults()));
    return heartbeat.run(server, request, setup, started.cancellation());
  }

  private void onEvent(HeartbeatEvent event) {
    RunningHeartbeat current = running.get(event.run());
    if (current != null && event.kind() == HeartbeatEvent.Kind.HANDING_OVER) {
      current.markHandingOver();
    }
  }

  /**
   * Starts no heartbeat any more, asks running work to stop and leaves its issues to later heartbeats; completes when
   * they are settled, the worker source is retired and the connections are closed. The Vert.x stays open.
   */
  public Future<Void> close() {
    closed = true;
    List<Future<HeartbeatOutcome>> settling = running.values().stream()
        .filter(current -> current.postpone(CLOSING, options.clock.instant().plus(POSTPONEMENT)))
        .map(RunningHeartbeat::outcome)
        .toList();
    return Future.join(settling)
        .transform(settled -> options.vertx.executeBlocking(() -> {
          options.worker.retire();
          return null;
        }))
        .eventually(this::disconnect)
        .mapEmpty();
  }

  /**
   * Ends as the end of its process does: no request reaches a server from now on, and the workers are interrupted. Their
   * issues stay as they are; a later heartbeat with the same storage settles them.
   */
  public void kill() {
    closed = true;
    disconnect();
    running.values().forEach(RunningHeartbeat::kill);
  }

  private Future<?> disconnect() {
    return Future.join(servers.values().stream().map(PaperclipClient::close).toList());
  }

  /** What a {@link HeartbeatRunner} is made of. Not thread-safe. */
  public static final class Builder {

    private final Vertx vertx;
    private final WorkerSource worker;
    private final Path directory;
    private Clock clock = Clock.systemUTC();
    private Redactor redactor = Redactor.of(List.of());
    private Optional<Storage> storage = Optional.empty();
    private Optional<ProviderGateRegistry> gates = Optional.empty();
    private WorkLimits limits = WorkLimits.DEFAULT;
    private Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
    private WorkerThreadStarter threads = WorkerThreadStarter.virtual();
    private Consumer<String> warnings = LOG::warn;
    private final List<HeartbeatListener> listeners = new ArrayList<>();
    private final List<Module> policies = new ArrayList<>();

    private Builder(Vertx vertx, WorkerSource worker, Path directory) {
      this.vertx = vertx;
      this.worker = worker;
      this.directory = directory;
    }

    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** Masks secrets in all that the heartbeats write. */
    public Builder redactor(Redactor redactor) {
      this.redactor = redactor;
      return this;
    }

    /** Keeps log and memory elsewhere than in files; what a worker keeps stays in the directory. */
    public Builder storage(Storage storage) {
      this.storage = Optional.of(storage);
      return this;
    }

    /** Shares the gates of providers' accounts with other runners. */
    public Builder gates(ProviderGateRegistry gates) {
      this.gates = Optional.of(gates);
      return this;
    }

    public Builder limits(WorkLimits limits) {
      this.limits = limits;
      return this;
    }

    /** The parent of the runs' scratch directories; else the directory for temporary files. */
    public Builder scratch(Path scratch) {
      this.scratch = scratch;
      return this;
    }

    public Builder threads(WorkerThreadStarter threads) {
      this.threads = threads;
      return this;
    }

    /** Gets a line for each problem that does not stop a heartbeat; else the log does. */
    public Builder warnings(Consumer<String> warnings) {
      this.warnings = warnings;
      return this;
    }

    /** Adds a listener of every step of all heartbeats. */
    public Builder listener(HeartbeatListener listener) {
      listeners.add(listener);
      return this;
    }

    /** Adds a Guice module that binds policies, as {@link HeartbeatModule} says. */
    public Builder policies(Module policies) {
      this.policies.add(policies);
      return this;
    }

    public HeartbeatRunner build() {
      return new HeartbeatRunner(this);
    }
  }
}
