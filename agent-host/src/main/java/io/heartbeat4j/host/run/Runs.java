package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.host.cluster.Neighbours;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.run.Admission.RunView;
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
 * the {@link Door}. Confined to the host's event loop, but for {@link #on}.
 */
public final class Runs implements HeartbeatListener {

  private static final int RECENT = 200; // over, but perhaps not yet read to the end
  private static final Duration LATER = Duration.ofMinutes(2);

  private final Context loop;
  private final Clock clock;
  private final RunStore store;
  private final Turns<HostedRun> turns;
  private final Beats beats;
  private final RunsListener listener;
  private final Neighbours neighbours;
  private final Map<RunId, HostedRun> live = new LinkedHashMap<>();
  private final Map<RunId, HostedRun> recent = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<RunId, HostedRun> eldest) {
      return size() > RECENT;
    }
  };
  private final Map<RunId, Claim<HostedRun>> claims = new HashMap<>();
  private boolean draining;

  Runs(Context loop, Clock clock, RunStore store, Turns<HostedRun> turns, Beats beats, RunsListener listener,
      Neighbours neighbours) {
    this.loop = loop;
    this.clock = clock;
    this.store = store;
    this.turns = turns;
    this.beats = beats;
    this.listener = listener;
    this.neighbours = neighbours;
  }

  /**
   * Opens what is on disk. Blocks; the rest happens on {@code loop}.
   *
   * @throws java.io.UncheckedIOException if the state directory can't be used, in words for an operator
   */
  public static Runs open(
      Context loop, Clock clock, Path stateDirectory, HostLimits limits, Beats beats, List<RunsListener> listeners,
      Neighbours neighbours) {
    return new Runs(loop, clock, RunStore.open(loop.owner(), clock, stateDirectory), new Turns<>(Slots.of(limits)), beats,
        RunsListener.all(listeners), neighbours);
  }

  /** Where runs come in. */
  public Door door() {
    return new Door(this, store, clock, neighbours);
  }

  /** From now on; what runs already goes on. */
  public void limit(HostLimits limits) {
    turns.limit(Slots.of(limits));
    pump();
  }

  /** Those that wait or run. */
  public Collection<HostedRun> live() {
    return List.copyOf(live.values());
  }

  public Optional<HostedRun> live(RunId id) {
    return Optional.ofNullable(live.get(id));
  }

  public int waiting() {
    return turns.queued();
  }

  public int running() {
    return turns.running();
  }

  /** How many may run at once. */
  public int slots() {
    return turns.slots();
  }

  /** How many runs the disk has not taken; a restart would forget them. */
  public int unsaved() {
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
  Admission enter(HostedRun run) {
    boolean waits = run.way() == WayIn.GATEWAY;
    if (draining && waits) {
      return new Admission.Accepted(RunView.of(run));
    }
    live.put(run.id(), run);
    listener.accepted(run);
    boolean held = draining || run.agent().isPaused();
    if (!held) {
      offer(run);
    } else if (!waits) {
      settleLater(run, "the host could not take this on now");
    }
    return new Admission.Accepted(RunView.of(run));
  }

  boolean hasRoom(HostedAgent agent) {
    return turns.hasRoom(agent.name(), agent.configuration().queue());
  }

  private void offer(HostedRun run) {
    Claim<HostedRun> claim = new Claim<>(
        run.agent().name(), run.issue(), run.agent().configuration().workerName(),
        run.agent().configuration().provider(), run.agent().configuration().slots(), run.agent().configuration().queue(), run);
    if (turns.offer(claim)) {
      claims.put(run.id(), claim);
      pump();
    } else {
      settleLater(run, "the host's queue is full");
    }
  }

  /** Gives the agent's turns back to it, or takes them away; what runs goes on. */
  public void pause(HostedAgent agent, boolean yes) {
    agent.pause(yes);
    List<HostedRun> waiting = live().stream()
        .filter(run -> run.agent() == agent && run.phase() == Phase.QUEUED).toList();
    for (HostedRun run : waiting) {
      if (!yes && !claims.containsKey(run.id())) {
        offer(run);
      } else if (yes) {
        withdrawn(run);
      }
    }
  }

  /** Takes a waiting run's claim back; false if it does not wait for a turn. */
  private boolean withdrawn(HostedRun run) {
    Claim<HostedRun> claim = claims.remove(run.id());
    return claim != null && turns.withdraw(claim);
  }

  private void pump() {
    for (Optional<Claim<HostedRun>> next = turns.take(); next.isPresent(); next = turns.take()) {
      Claim<HostedRun> claim = next.get();
      claims.remove(claim.of().id());
      start(claim.of()).onComplete(over -> {
        turns.release(claim);
        pump();
      });
    }
  }

  private Future<Void> start(HostedRun run) {
    run.started();
    listener.started(run);
    Future<Ending> beat = run.bringsNothingNew()
        ? Future.succeededFuture(Ending.empty(clock.instant()))
        : neighbours.turn(run).compose(turn -> beats.beat(run, loop).onComplete(over -> turn.end()));
    return beat.compose(ending -> end(run, ending));
  }

  /** What can't have its turn is not failed but put off: the heartbeat runs without its work. */
  private void settleLater(HostedRun run, String why) {
    run.postpone(why, clock.instant().plus(LATER));
    start(run);
  }

  private Future<Void> end(HostedRun run, Ending ending) {
    return store.put(run.stored(ending))
        .onSuccess(told -> {
          live.remove(run.id());
          recent.put(run.id(), run);
          listener.ended(run, ending);
          run.end(ending);
        });
  }

  /** A run that was accepted at some time. */
  public Future<Optional<RunView>> find(RunId id) {
    HostedRun run = Optional.ofNullable(live.get(id)).orElse(recent.get(id));
    return run != null ? Future.succeededFuture(Optional.of(RunView.of(run))) : store.find(id).map(stored -> stored.map(RunView::of));
  }

  /** Asks a run to stop; one that waits still ends at once. */
  public void stop(HostedRun run, String why) {
    withdrawn(run);
    if (run.phase() == Phase.QUEUED) {
      end(run, Ending.cancelled(why, clock.instant()));
    } else {
      run.stop(why);
    }
  }

  /** Puts off a run that nobody can wait for any longer; one that waits still is settled without its work. */
  public void postpone(HostedRun run, String why) {
    withdrawn(run);
    if (run.phase() == Phase.QUEUED) {
      settleLater(run, why);
    } else {
      run.postpone(why, clock.instant().plus(LATER));
    }
  }

  /** The server has ended the run: the work is asked to stop. */
  public void endedOnBoard(RunId id, RunStatus status) {
    HostedRun run = live.get(id);
    if (run != null && !run.wasStopped() && !run.phase().isOver()) {
      stop(run, "the run was ended on the board (" + status + ")");
    }
  }

  /** Takes nothing new on; what has no turn yet stays on disk, or is put off where somebody waits for its answer. */
  public void drain() {
    draining = true;
    live().stream()
        .filter(run -> run.phase() == Phase.QUEUED && run.way() != WayIn.GATEWAY)
        .forEach(run -> postpone(run, "the host is about to end"));
    live().stream().filter(run -> run.phase() == Phase.QUEUED).forEach(run -> {
      withdrawn(run);
      live.remove(run.id());
    });
  }

  /** Asks everything that runs to stop and to be taken up again later. */
  public void hurry() {
    live().forEach(run -> postpone(run, "the host was ended before the work was finished"));
  }

  /** Completes when nothing runs any more. */
  public Future<Void> idle() {
    return Future.join(live.values().stream().map(HostedRun::over).toList()).mapEmpty();
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
        run.tell(event);
        listener.stepped(run, event);
      }
    });
  }
}
