package io.heartbeat4j.simulation;

import io.heartbeat4j.embedded.rules.RunExecution;
import io.heartbeat4j.embedded.rules.RunExecutionResult;
import io.heartbeat4j.embedded.rules.RunStartRequest;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import io.heartbeat4j.storage.MemoryDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Several hosts on one database behind a balancer, of which each dies or sleeps now and then. */
final class SimulatedFleet {

  static final String KILLED = "a host died";
  static final String LATE = "a host lost its claims";
  static final String TAKEN_OVER = "a run was taken over";

  /** A run that the server has started and that has no end yet. */
  private record OpenRun(RunStartRequest request, Promise<Integer> exit) {}

  final MemoryDatabase database;
  final List<String> violations = new ArrayList<>();
  private final VirtualTimeScheduler scheduler;
  private final SeededRandom seededRandom;
  private final SimulatedProcess.CurrentProcess currentProcess;
  private final SimulatedHost.Heartbeats heartbeats;
  private final FaultCoverage faultCoverage;
  private final List<SimulatedHost> hosts = new ArrayList<>();
  private final Map<String, OpenRun> open = new HashMap<>();
  private final Map<String, SimulatedProcess> working = new HashMap<>();

  SimulatedFleet(int count, VirtualTimeScheduler scheduler, SeededRandom seededRandom,
      SimulatedProcess.CurrentProcess currentProcess, FaultCoverage faultCoverage,
      SimulatedHost.Heartbeats heartbeats) {
    Clock clock = SimulatedProcess.clockOf(scheduler);
    this.database = new MemoryDatabase(clock, SimulatedHost.LEASE);
    this.scheduler = scheduler;
    this.seededRandom = seededRandom;
    this.currentProcess = currentProcess;
    this.heartbeats = heartbeats;
    this.faultCoverage = faultCoverage;
    for (int i = 0; i < count; i++) {
      hosts.add(newHost());
    }
    trouble();
  }

  private SimulatedHost newHost() {
    return new SimulatedHost(this, database, scheduler, seededRandom, currentProcess);
  }

  SimulatedHost.Heartbeats heartbeats() {
    return heartbeats;
  }

  private void trouble() {
    scheduler.schedule(Duration.ofSeconds(10 + seededRandom.intUpTo(200)), () -> {
      if (!seededRandom.faultsAreOver()) {
        SimulatedHost host = seededRandom.oneOf(hosts);
        if (seededRandom.happens(0.4)) {
          host.kill();
        } else {
          host.sleep(Duration.ofMillis(seededRandom.intUpTo(60_000)));
        }
        trouble();
      }
    });
  }

  void happened(String what) {
    faultCoverage.countCrash(what);
  }

  void restart(SimulatedHost gone) {
    happened(KILLED);
    scheduler.schedule(Duration.ofSeconds(1 + seededRandom.intUpTo(40)), () -> {
      hosts.remove(gone);
      hosts.add(newHost());
    });
  }

  /** The balancer tries the hosts until one answers; the adapter asks again while there is none. */
  RunExecution start(RunStartRequest request) {
    OpenRun run = new OpenRun(request, Promise.promise());
    open.put(request.runId(), run);
    scheduler.schedule(seededRandom.startDelay(), () -> deliver(run));
    return new RunExecution() {
      @Override
      public Future<RunExecutionResult> result() {
        return run.exit().future().map(RunExecutionResult::exited);
      }

      @Override
      public void kill() {
        over(run, 137);
      }

      @Override
      public Future<Void> cancel() {
        hosts.forEach(host -> host.stop(request.runId()));
        scheduler.schedule(Duration.ofSeconds(15), this::kill);
        return run.exit().future().mapEmpty();
      }
    };
  }

  /** Repeated until the run is known to be accepted: acceptance is idempotent by the run's id. */
  private void deliver(OpenRun run) {
    if (!open.containsKey(run.request().runId())) {
      return;
    }
    if (database.read(SimulatedHost.OPEN + "/" + run.request().runId()) == null) {
      hosts.stream().filter(SimulatedHost::answers).skip(seededRandom.intUpTo(hosts.size() - 1)).findFirst()
          .ifPresent(host -> host.accept(run.request()));
    }
    scheduler.schedule(Duration.ofSeconds(30), () -> deliver(run));
  }

  Optional<RunStartRequest> isOpen(String run) {
    return Optional.ofNullable(open.get(run)).map(OpenRun::request);
  }

  void ends(RunStartRequest request, int code) {
    Optional.ofNullable(open.get(request.runId())).ifPresent(run -> over(run, code));
  }

  private void over(OpenRun run, int code) {
    open.remove(run.request().runId());
    scheduler.schedule(Duration.ofMillis(1), () -> run.exit().tryComplete(code));
  }

  /** One heartbeat runs per agent and issue. */
  void heartbeatBegins(RunStartRequest run, SimulatedProcess process) {
    SimulatedProcess other = working.put(lock(run), process);
    if (other != null && other.mayWrite() && !other.isDead()) {
      violations.add("two heartbeats at once for " + lock(run) + ": runs " + other.run + " and " + process.run);
    }
  }

  void heartbeatEnds(RunStartRequest run, SimulatedProcess process) {
    working.remove(lock(run), process);
  }

  private static String lock(RunStartRequest run) {
    return run.agentId() + " " + run.context().path("issueId").asText("none");
  }

  /** The log entries of all agents. */
  void forEachEntry(Consumer<String> reader) {
    database.namesBelow("").stream().filter(name -> name.contains("/journal/")).forEach(reader);
  }

  /** No accepted run is left without an end. */
  void nothingIsLeftOpen() {
    database.namesBelow(SimulatedHost.OPEN + "/").forEach(name -> violations.add("left open: " + name));
    open.keySet().forEach(run -> violations.add("without an end: " + run));
  }
}
