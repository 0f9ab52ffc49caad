package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkFailure.Kind;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.RunStatus;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Coordinates the runs of the host: schedules each, executes it, and publishes its end once it is persisted. Runs are
 * admitted by the {@link AdmissionService}. Confined to the host's event loop.
 */
public final class RunCoordinator {

  /** The storage's folder of the accepted runs. */
  public static final String RUNS_FOLDER = "_runs";

  private static final Duration POSTPONEMENT = Duration.ofMinutes(2);
  private static final WorkFailure SHUTTING_DOWN = new WorkFailure(Kind.HOST_SHUTDOWN,
      "The host is shutting down before the work is finished; the work goes on when it is back.");

  private final Context loop;
  private final Clock clock;
  private final RunStore store;
  private final RunRegistry runs;
  private final RunQueue queue;
  private final RunEventRouter eventRouter;
  private final HeartbeatExecutor executor;
  private final RunListener listener;
  private final IssueLocks issueLocks;
  private final RemoteRuns remoteRuns;
  private final ClaimEpoch claimEpoch;
  private final RunLogs logs;
  private boolean draining;

  RunCoordinator(Context loop, Clock clock, RunStore store, RunRegistry runs, FairScheduler<HostedRun> scheduler,
      HeartbeatExecutor executor, RunListener listener,
      IssueLocks issueLocks, RemoteRuns remoteRuns, ClaimEpoch claimEpoch, RunLogs logs) {
    this.loop = loop;
    this.clock = clock;
    this.store = store;
    this.runs = runs;
    this.queue = new RunQueue(scheduler, this::start);
    this.eventRouter = new RunEventRouter(loop, runs, listener);
    this.executor = executor;
    this.listener = listener;
    this.issueLocks = issueLocks;
    this.remoteRuns = remoteRuns;
    this.claimEpoch = claimEpoch;
    this.logs = logs;
    remoteRuns.onStop((run, why) -> live(run).ifPresent(here -> stop(here, why)));
  }

  /**
   * Everything runs on {@code loop}.
   *
   * @param location of the storage, for messages
   * @param state the host's own directory, for the logs of its runs
   */
  public static RunCoordinator over(StorageSession storage, String location, Path state, Context loop, Clock clock,
      HostLimits limits, HeartbeatExecutor executor, List<RunListener> listeners) {
    RunStore store = new RunStore(loop, storage, location);
    return new RunCoordinator(loop, clock, store, new RunRegistry(),
        new FairScheduler<>(SchedulerLimits.from(limits)), executor, RunListener.composite(listeners),
        new IssueLocks(storage, loop), new RemoteRuns(storage, store, loop),
        new ClaimEpoch(storage), new RunLogs(loop.owner().fileSystem(), state.resolve("_logs")));
  }

  BooleanSupplier claimsUnchangedSinceNow() {
    return claimEpoch.unchangedSinceNow();
  }

  /** Admits runs. */
  public AdmissionService admissionService() {
    return new AdmissionService(this, store, clock, loop.owner());
  }

  /** Changes the limits for runs that start from now on. */
  public void updateLimits(HostLimits limits) {
    queue.updateLimits(limits);
  }

  /** Brings the events of heartbeats to their runs; takes them on any thread. */
  public HeartbeatListener eventRouter() {
    return eventRouter;
  }

  /** Runs that wait or run. */
  public Collection<HostedRun> live() {
    return runs.live();
  }

  public Optional<HostedRun> live(RunId id) {
    return runs.live(id);
  }

  public int queuedCount() {
    return queue.queuedCount();
  }

  public int runningCount() {
    return queue.runningCount();
  }

  /** How many runs may be active at once. */
  public int slots() {
    return queue.hostSlots();
  }

  /** How many runs are not persisted because the disk fails; a restart would lose them. */
  public int unsavedCount() {
    return store.unsaved();
  }

  public boolean isDraining() {
    return draining;
  }

  /**
   * Schedules an accepted run. A wake of the gateway's or the external adapter is never refused for lack of room: Paperclip
   * takes a refusal for a failed run and parks the issue. So it waits, on disk for the next host, or here until its agent
   * is resumed. A caller that waits for the answer gets one, and the issue a later time.
   */
  AdmissionResult enqueue(HostedRun run) {
    boolean waits = run.channel().waitsForHost();
    if (draining && waits) {
      return new AdmissionResult.Accepted(RunView.of(run));
    }
    runs.add(run);
    if (run.channel() == WakeChannel.EXTERNAL_ADAPTER) {
      run.keepLog(logs.open(run.id()));
    }
    remoteRuns.arrived(run);
    listener.accepted(run);
    boolean held = draining || run.agent().isPaused();
    if (!waits && run.isBehindDetachedWork()) {
      leaveToDetachedWork(run);
    } else if (!held) {
      schedule(run);
    } else if (!waits) {
      startPostponed(run, draining ? SHUTTING_DOWN
          : new WorkFailure(Kind.HOST_BUSY, "This agent is paused on its host."));
    }
    return new AdmissionResult.Accepted(RunView.of(run));
  }

  /** Work that goes on looks at its issue again before it writes: this run need not, and its caller can't wait for it. */
  private void leaveToDetachedWork(HostedRun run) {
    if (run.isGivenIssue()) {
      startPostponed(run,
          new WorkFailure(Kind.HOST_BUSY, "The work on this goes on; it is looked at when that is done."));
    } else {
      complete(run, RunResult.idle(clock.instant()));
    }
  }

  boolean hasCapacity(HostedAgent agent) {
    return queue.hasCapacity(agent);
  }

  private void schedule(HostedRun run) {
    if (!queue.offer(run)) {
      startPostponed(run, new WorkFailure(Kind.HOST_BUSY, "The host's queue is full."));
    }
  }

  /** Resumes or pauses the scheduling of the agent; running runs go on. */
  public void setPaused(HostedAgent agent, boolean yes) {
    agent.setPaused(yes);
    List<HostedRun> waiting = live().stream()
        .filter(run -> run.agent() == agent && run.phase() == RunPhase.QUEUED).toList();
    for (HostedRun run : waiting) {
      if (!yes && !queue.contains(run)) {
        schedule(run);
      } else if (yes) {
        queue.withdraw(run);
      }
    }
  }

  private Future<Void> start(HostedRun run) {
    run.markRunning();
    listener.started(run);
    Future<RunResult> beat = run.isRedundant()
        ? Future.succeededFuture(RunResult.idle(clock.instant()))
        : issueLocks.acquire(run, queue.companySlots())
            .compose(lock -> executor.execute(run, loop).onComplete(over -> lock.release()));
    return beat.compose(result -> complete(run, result), lost -> complete(run,
        RunResult.failed(String.valueOf(lost.getMessage()), 0, clock.instant())));
  }

  /** A run that can't be scheduled is postponed, not failed: its heartbeat runs without calling the worker. */
  private void startPostponed(HostedRun run, WorkFailure why) {
    run.postpone(why, clock.instant().plus(POSTPONEMENT));
    start(run);
  }

  private Future<Void> complete(HostedRun run, RunResult result) {
    if (run.isAbandoned()) {
      abandon(run);
      return Future.succeededFuture();
    }
    return store.end(run.toStoredRun(result))
        .onSuccess(told -> {
          runs.end(run);
          listener.ended(run, result);
          run.complete(result);
        })
        .recover(lost -> {
          abandon(run);
          return Future.succeededFuture();
        });
  }

  /** Another host has the run by now, and tells its end. */
  private void abandon(HostedRun run) {
    if (runs.remove(run)) {
      store.forget(run.id());
      run.log().ifPresent(RunLog::delete);
      listener.ended(run, RunResult.failed("this host has lost its claim on the run: another host continues it", 0,
          clock.instant()));
      run.abandon();
    }
  }

  /** Finds an accepted run. */
  public Future<Optional<RunView>> find(RunId id) {
    return runs.find(id).map(run -> Future.succeededFuture(Optional.of(RunView.of(run))))
        .orElseGet(() -> store.find(id).map(stored -> stored.map(RunView::of)));
  }

  /**
   * Completes with the run once this host has it, so that its events can be followed, or its result is known: another
   * host may execute it, or this one may not have resumed it yet. Fails where no host has it any more.
   */
  public Future<RunView> awaitHereOrOver(RunView run) {
    return runs.live(run.id()) // may have arrived since it was looked for
        .map(here -> Future.succeededFuture(RunView.of(here)))
        .orElseGet(() -> run.canBeFollowed() ? Future.succeededFuture(run) : remoteRuns.await(run.id()));
  }

  /** Asks the host that executes the run to stop it. */
  public void stopRemote(RunId run, WorkFailure why) {
    remoteRuns.stop(run, why);
  }

  /** Asks a run to stop; a waiting run ends at once. */
  public void stop(HostedRun run, WorkFailure why) {
    queue.withdraw(run);
    if (run.phase() == RunPhase.QUEUED) {
      complete(run, RunResult.cancelled(why.message(), clock.instant()));
    } else {
      run.stop(why);
    }
  }

  /**
   * Completes when the caller of a run, who can't wait any longer, may go: its work goes on, or the run is over. A
   * waiting run is settled without work.
   */
  public Future<Void> letCallerGo(HostedRun run) {
    return run.detachment().request().recover(notWorking -> {
      if (run.phase() != RunPhase.STOPPING) {
        postpone(run, new WorkFailure(Kind.HOST_BUSY, "Paperclip's http adapter waits no longer for an answer."));
      }
      return run.completion().mapEmpty();
    });
  }

  /** Postpones a run: a waiting one is settled without work. */
  void postpone(HostedRun run, WorkFailure why) {
    queue.withdraw(run);
    if (run.phase() == RunPhase.QUEUED) {
      startPostponed(run, why);
    } else {
      run.postpone(why, clock.instant().plus(POSTPONEMENT));
    }
  }

  /** Postpones a run that nobody follows any more. */
  public void postponeUnfollowed(RunId id) {
    live(id).ifPresent(run -> postpone(run, new WorkFailure(Kind.HOST_BUSY,
        "Paperclip has not followed the run for some minutes, and the work needs more time.")));
  }

  /** Stops the work of a run that the server has ended. */
  public void stopEndedOnServer(RunId id, RunStatus status) {
    live(id).filter(run -> !run.wasStopped() && !run.isDetached() && !run.phase().isOver())
        .ifPresent(run -> stop(run, new WorkFailure(Kind.CANCELLED, "Paperclip ended the run (" + status + ").")));
  }

  /** Starts the drain: waiting runs stay persisted, or are postponed where a caller waits for the answer. */
  public void drain() {
    draining = true;
    live().stream()
        .filter(run -> run.phase() == RunPhase.QUEUED && !run.channel().waitsForHost())
        .forEach(run -> postpone(run, SHUTTING_DOWN));
    live().stream().filter(run -> run.phase() == RunPhase.QUEUED).forEach(run -> {
      queue.withdraw(run);
      runs.remove(run);
      store.release(run.id());
    });
  }

  /** Stops the work on all runs at once, without a write to their server: other hosts may have claimed them. */
  public void abandonAll() {
    live().forEach(run -> {
      queue.withdraw(run);
      run.stop(new WorkFailure(Kind.LEASE_LOST,
          "This host was out of touch with its storage for longer than its lease."));
      abandon(run);
    });
  }

  /** Asks all running work to stop and postpones it. */
  public void stopNow() {
    live().forEach(run -> postpone(run, SHUTTING_DOWN));
  }

  /** Completes when no run is active. */
  public Future<Void> awaitIdle() {
    return Future.join(live().stream().map(HostedRun::completion).toList()).<Void>mapEmpty().otherwiseEmpty();
  }

  /** No run may be active. */
  public void close() {
    store.close();
  }
}
