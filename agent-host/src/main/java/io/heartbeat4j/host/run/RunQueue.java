package io.heartbeat4j.host.run;

import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Holds the runs that wait for a slot and starts each when it has one. Confined to the host's event loop. */
final class RunQueue {

  private final FairScheduler<HostedRun> scheduler;
  private final Function<HostedRun, Future<Void>> starter;
  private final Map<RunId, ScheduledRun<HostedRun>> waiting = new HashMap<>();

  /** @param starter starts a run; its future completes when the run has ended and its slot is free */
  RunQueue(FairScheduler<HostedRun> scheduler, Function<HostedRun, Future<Void>> starter) {
    this.scheduler = scheduler;
    this.starter = starter;
  }

  /** Adds a run, which may start at once; false where its agent's queue is full. */
  boolean offer(HostedRun run) {
    ScheduledRun<HostedRun> scheduled = new ScheduledRun<>(
        run.identity().company(), run.agent().name(), run.issue(), run.agent().configuration().workerName(),
        run.agent().configuration().provider(), run.agent().configuration().slots(),
        run.agent().configuration().queue(), run);
    if (!scheduler.offer(scheduled)) {
      return false;
    }
    waiting.put(run.id(), scheduled);
    startReady();
    return true;
  }

  boolean contains(HostedRun run) {
    return waiting.containsKey(run.id());
  }

  /** Takes a run out before it has started. */
  void withdraw(HostedRun run) {
    Optional.ofNullable(waiting.remove(run.id())).ifPresent(scheduler::withdraw);
  }

  /** For runs that start from now on. */
  void updateLimits(HostLimits limits) {
    scheduler.updateLimits(SchedulerLimits.from(limits));
    startReady();
  }

  boolean hasCapacity(HostedAgent agent) {
    return scheduler.hasCapacity(agent.name(), agent.configuration().queue());
  }

  int companySlots() {
    return scheduler.companySlots();
  }

  int hostSlots() {
    return scheduler.hostSlots();
  }

  int queuedCount() {
    return scheduler.queuedCount();
  }

  int runningCount() {
    return scheduler.runningCount();
  }

  private void startReady() {
    for (Optional<ScheduledRun<HostedRun>> next = scheduler.pollNext(); next.isPresent(); next = scheduler.pollNext()) {
      ScheduledRun<HostedRun> scheduled = next.get();
      waiting.remove(scheduled.run().id());
      starter.apply(scheduled.run()).onComplete(over -> {
        scheduler.release(scheduled);
        startReady();
      });
    }
  }
}
