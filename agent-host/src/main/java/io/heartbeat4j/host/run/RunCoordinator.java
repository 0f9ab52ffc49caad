package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.host.cluster.Neighbours;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.RunStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All runs of the host: gives each its turn and brings each to an end, which is told once it is on disk. They come in by
 * the {@link AdmissionService}. Confined to the host's event loop, but for {@link #on}.
 */
public final class RunCoordinator implements HeartbeatListener {

  private static final int MAX_RECENT = 200; // over, but perhaps not yet read to the end
  private static final Duration POSTPONEMENT = Duration.ofMinutes(2);

  private final Context loop;
  private final Clock clock;
  private final RunStore store;
  private final FairScheduler<HostedRun> scheduler;
  private final HeartbeatExecutor executor;
  private final RunListener listener;
  private final Neighbours neighbours;
  private final Map<RunId, HostedRun> live = new LinkedHashMap<>();
  private final Map<RunId, HostedRun> recentlyEnded = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<RunId, HostedRun> eldest) {
      return size() > MAX_RECENT;
    }
  };
  private final Map<RunId, ScheduledRun<HostedRun>> scheduledRuns = new HashMap<>();
  private boolean draining;

  RunCoordinator(Context loop, Clock clock, RunStore store, FairScheduler<HostedRun> fairScheduler, HeartbeatExecutor executor, RunListener listener,
      Neighbours neighbours) {
    this.loop = loop;
    this.clock = clock;
    this.store = store;
    this.scheduler = fairScheduler;
    this.executor = executor;
    this.listener = listener;
    this.neighbours = neighbours;
  }

  /**
   * Opens what is on disk. Blocks; the rest happens on {@code loop}.
   *
   * @throws java.io.UncheckedIOException if the state directory can't be used, in words for an operator
   */
  public static RunCoordinator open(
      Context loop, Clock clock, Path stateDirectory, HostLimits limits, HeartbeatExecutor executor, List<RunListener> listeners,
      Neighbours neighbours) {
    return new RunCoordinator(loop, clock, RunStore.open(loop.owner(), clock, stateDirectory), new FairScheduler<>(SchedulerLimits.from(limits)), executor,
        RunListener.composite(listeners), neighbours);
  }

  /** Where runs come in. */
  public AdmissionService admissionService() {
    return new AdmissionService(this, store, clock, neighbours);
  }

  /** From now on; what runs already goes on. */
  public void updateLimits(HostLimits limits) {
    scheduler.updateLimits(SchedulerLimits.from(limits));
    startReady();
  }

  /** Those that wait or run. */
  public Collection<HostedRun> live() {
    return List.copyOf(live.values());
  }

  public Optional<HostedRun> live(RunId id) {
    return Optional.ofNullable(live.get(id));
  }

  public int queuedCount() {
    return scheduler.queuedCount();
  }

  public int runningCount() {
    return scheduler.runningCount();
  }

  /** How many may run at once. */
  public int slots() {
    return scheduler.hostSlots();
  }

  /** How many runs the disk has not taken; a restart would forget them. */
  public int unsavedCount() {
    return store.unsaved();
  }

  public boolean isDraining() {
    return draining;
  }

  /**
   * Gives an accepted run its place. A gateway's wake is never turned away for a while: this server takes any refusal for a
   * failed run and parks the issue. So it waits, on disk for the next host or here until its agent is resumed; whoever waits
   * for an answer gets one, and the issue a later time.
   */
  AdmissionResult enqueue(HostedRun run) {
    boolean waits = run.channel() == WakeChannel.GATEWAY;
    if (draining && waits) {
      return new AdmissionResult.Accepted(RunView.of(run));
    }
    live.put(run.id(), run);
    listener.accepted(run);
    boolean held = draining || run.agent().isPaused();
    if (!held) {
      schedule(run);
    } else if (!waits) {
      startPostponed(run, "the host could not take this on now");
    }
    return new AdmissionResult.Accepted(RunView.of(run));
  }

  boolean hasCapacity(HostedAgent agent) {
    return scheduler.hasCapacity(agent.name(), agent.configuration().queue());
  }

  private void schedule(HostedRun run) {
    ScheduledRun<HostedRun> scheduledRun = new ScheduledRun<>(
        run.agent().name(), run.issue(), run.agent().configuration().workerName(),
        run.agent().configuration().provider(), run.agent().configuration().slots(), run.agent().configuration().queue(), run);
    if (scheduler.offer(scheduledRun)) {
      scheduledRuns.put(run.id(), scheduledRun);
      startReady();
    } else {
      startPostponed(run, "the host's queue is full");
    }
  }

  /** Gives the agent's turns back to it, or takes them away; what runs goes on. */
  public void setPaused(HostedAgent agent, boolean yes) {
    agent.setPaused(yes);
    List<HostedRun> waiting = live().stream()
        .filter(run -> run.agent() == agent && run.phase() == RunPhase.QUEUED).toList();
    for (HostedRun run : waiting) {
      if (!yes && !scheduledRuns.containsKey(run.id())) {
        schedule(run);
      } else if (yes) {
        withdraw(run);
      }
    }
  }

  /** Takes a waiting run's claim back; false if it does not wait for a turn. */
  private boolean withdraw(HostedRun run) {
    ScheduledRun<HostedRun> scheduledRun = scheduledRuns.remove(run.id());
    return scheduledRun != null && scheduler.withdraw(scheduledRun);
  }

  private void startReady() {
    for (Optional<ScheduledRun<HostedRun>> next = scheduler.pollNext(); next.isPresent(); next = scheduler.pollNext()) {
      ScheduledRun<HostedRun> scheduledRun = next.get();
      scheduledRuns.remove(scheduledRun.run().id());
      start(scheduledRun.run()).onComplete(over -> {
        scheduler.release(scheduledRun);
        startReady();
      });
    }
  }

  private Future<Void> start(HostedRun run) {
    run.markRunning();
    listener.started(run);
    Future<RunResult> beat = run.isRedundant()
        ? Future.succeededFuture(RunResult.idle(clock.instant()))
        : neighbours.turn(run).compose(turn -> executor.execute(run, loop).onComplete(over -> turn.end()));
    return beat.compose(result -> complete(run, result));
  }

  /** What can't have its turn is not failed but put off: the heartbeat runs without its work. */
  private void startPostponed(HostedRun run, String why) {
    run.postpone(why, clock.instant().plus(POSTPONEMENT));
    start(run);
  }

  private Future<Void> complete(HostedRun run, RunResult result) {
    return store.put(run.toStoredRun(result))
        .onSuccess(told -> {
          live.remove(run.id());
          recentlyEnded.put(run.id(), run);
          listener.ended(run, result);
          run.complete(result);
        });
  }

  /** A run that was accepted at some time. */
  public Future<Optional<RunView>> find(RunId id) {
    HostedRun run = Optional.ofNullable(live.get(id)).orElse(recentlyEnded.get(id));
    return run != null ? Future.succeededFuture(Optional.of(RunView.of(run))) : store.find(id).map(stored -> stored.map(RunView::of));
  }

  /** Asks a run to stop; one that waits still ends at once. */
  public void stop(HostedRun run, String why) {
    withdraw(run);
    if (run.phase() == RunPhase.QUEUED) {
      complete(run, RunResult.cancelled(why, clock.instant()));
    } else {
      run.stop(why);
    }
  }

  /** Puts off a run that nobody can wait for any longer; one that waits still is settled without its work. */
  public void postpone(HostedRun run, String why) {
    withdraw(run);
    if (run.phase() == RunPhase.QUEUED) {
      startPostponed(run, why);
    } else {
      run.postpone(why, clock.instant().plus(POSTPONEMENT));
    }
  }

  /** The server has ended the run: the work is asked to stop. */
  public void stopEndedOnServer(RunId id, RunStatus status) {
    HostedRun run = live.get(id);
    if (run != null && !run.wasStopped() && !run.phase().isOver()) {
      stop(run, "the run was ended on the board (" + status + ")");
    }
  }

  /** Takes nothing new on; what has no turn yet stays on disk, or is put off where somebody waits for its answer. */
  public void drain() {
    draining = true;
    live().stream()
        .filter(run -> run.phase() == RunPhase.QUEUED && run.channel() != WakeChannel.GATEWAY)
        .forEach(run -> postpone(run, "the host is about to end"));
    live().stream().filter(run -> run.phase() == RunPhase.QUEUED).forEach(run -> {
      withdraw(run);
      live.remove(run.id());
    });
  }

  /** Asks everything that runs to stop and to be taken up again later. */
  public void stopNow() {
    live().forEach(run -> postpone(run, "the host was ended before the work was finished"));
  }

  /** Completes when nothing runs any more. */
  public Future<Void> awaitIdle() {
    return Future.join(live.values().stream().map(HostedRun::completion).toList()).mapEmpty();
  }

  /** Closes the file; nothing may run any more. */
  public Future<Void> close() {
    return store.close();
  }

  @Override
  public void on(HeartbeatEvent event) {
    loop.runOnContext(now -> {
      HostedRun run = live.get(event.run());
      if (run != null) {
        run.onEvent(event);
        listener.stepped(run, event);
      }
    });
  }
}
