package io.heartbeat4j.testkit;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.embedded.WakeHandler;
import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.heartbeat.RunningHeartbeat;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.random.RandomGenerator;

/** Runs a heartbeat in this JVM for each wake of the tested agent, and keeps the outcomes for the test. */
final class InProcessHeartbeatRunner implements WakeHandler {

  /** A heartbeat's end, as {@link #completed} hands it over; fails where it could not settle its issue. */
  interface End {
    CompletedHeartbeat get();
  }

  private static final Worker NONE = context -> {
    throw new IllegalStateException("The agent has no worker: name its factory in @HeartbeatTest, or call useWorker.");
  };

  private final Vertx vertx;
  private final EmbeddedPaperclip server;
  private final Clock clock;
  private final Redactor redactor;
  private final Path directory;
  private final ProviderGateRegistry gates;
  private final Map<String, BlockingQueue<End>> completed = new ConcurrentHashMap<>();
  private final Map<String, RunningWork> running = new ConcurrentHashMap<>();
  private volatile Worker worker = NONE;
  private volatile WorkLimits limits;

  InProcessHeartbeatRunner(
      Vertx vertx, EmbeddedPaperclip server, Clock clock, WorkLimits limits, Redactor redactor, Path directory) {
    this.vertx = vertx;
    this.server = server;
    this.clock = clock;
    this.limits = limits;
    this.redactor = redactor;
    this.directory = directory;
    this.gates = new ProviderGateRegistry(clock, RandomGenerator.getDefault());
  }

  void use(Worker worker, WorkLimits limits) {
    this.worker = worker;
    this.limits = limits;
  }

  /** Lets go of the worker. */
  void retire() {
    worker = NONE;
  }

  /** The work of the heartbeat of this issue that has not ended. */
  Optional<RunningWork> running(String issue) {
    return Optional.ofNullable(running.get(issue));
  }

  /** The heartbeats of this issue's runs, in the order in which they ended. */
  BlockingQueue<End> completed(String issue) {
    return completed.computeIfAbsent(issue, first -> new LinkedBlockingQueue<>());
  }

  @Override
  public Future<Integer> handle(InProcessWake wake) {
    List<HeartbeatEvent> timeline = new CopyOnWriteArrayList<>();
    return runHeartbeat(wake, timeline)
        .onSuccess(outcome -> add(wake, () -> new CompletedHeartbeat(
            wake.context().path("wakeReason").asText(), timeline, requests(wake), outcome)))
        .onFailure(failure -> add(wake, () -> {
          throw new AssertionError("the heartbeat could not settle the issue: " + failure.getMessage() + "\n"
              + CompletedHeartbeat.describe(timeline, requests(wake)), failure);
        }))
        .map(settled -> 0);
  }

  private void add(InProcessWake wake, End end) {
    completed(wake.context().path("issueId").asText()).add(end);
  }

  private List<RecordedRequest> requests(InProcessWake wake) {
    return server.requests().all().stream().filter(request -> request.runId().filter(wake.runId()::equals).isPresent())
        .toList();
  }

  private Future<HeartbeatOutcome> runHeartbeat(InProcessWake wake, List<HeartbeatEvent> timeline) {
    WakeRequest request = EnvironmentWakeReader.read(wake.environment());
    RunningWork work = new RunningWork();
    String issue = wake.context().path("issueId").asText();
    running.put(issue, work);
    HeartbeatRunner runner = HeartbeatRunner.builder(vertx, () -> worker, directory.resolve("state"))
        .clock(clock)
        .redactor(redactor)
        .gates(gates)
        .limits(limits)
        .scratch(directory.resolve("scratch"))
        .threads(work)
        .warnings(warning -> {
          throw new IllegalStateException(warning);
        })
        .listener(timeline::add)
        .build();
    RunningHeartbeat heartbeat = work.begin(runner, request);
    wake.cancelled().onSuccess(stopped -> heartbeat.cancel(
        new WorkFailure(WorkFailure.Kind.CANCELLED, "The server stopped the run.")));
    return heartbeat.outcome().eventually(runner::close).onComplete(done -> running.remove(issue, work));
  }
}
