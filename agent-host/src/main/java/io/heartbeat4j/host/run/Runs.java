package io.heartbeat4j.host.run;

import io.heartbeat4j.client.Rejected;
import io.heartbeat4j.heartbeat.HeartbeatEvent;
import io.heartbeat4j.heartbeat.HeartbeatListener;
import io.heartbeat4j.heartbeat.WakeFacts;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.run.Admission.RunView;
import io.heartbeat4j.protocol.HeartbeatRun;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All runs of the host: takes them in, gives each its turn, and brings each to an end. A run is accepted once it is on
 * disk; its end is told once that is on disk. Confined to the host's event loop, but for {@link #on}.
 */
public final class Runs implements HeartbeatListener {

  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final int RECENT = 200; // over, but perhaps not yet read to the end
  private static final Duration LATER = Duration.ofMinutes(2);

  private final Context loop;
  private final Clock clock;
  private final RunStore store;
  private final Turns<HostedRun> turns;
  private final Beats beats;
  private final RunsListener listener;
  private final Map<RunId, HostedRun> live = new LinkedHashMap<>();
  private final Map<RunId, HostedRun> recent = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<RunId, HostedRun> eldest) {
      return size() > RECENT;
    }
  };
  private final Map<RunId, Claim<HostedRun>> claims = new HashMap<>();
  private final Map<RunId, Future<Admission>> admitting = new HashMap<>();
  private boolean draining;

  Runs(Context loop, Clock clock, RunStore store, Turns<HostedRun> turns, Beats beats, RunsListener listener) {
    this.loop = loop;
    this.clock = clock;
    this.store = store;
    this.turns = turns;
    this.beats = beats;
    this.listener = listener;
  }

  /**
   * Opens what is on disk. Blocks; the rest happens on {@code loop}.
   *
   * @throws java.io.UncheckedIOException if the state directory can't be used, in words for an operator
   */
  public static Runs open(
      Context loop, Clock clock, Path stateDirectory, HostLimits limits, Beats beats, List<RunsListener> listeners) {
    Slots slots = new Slots(limits.slots(), limits.queue(), limits.workerSlots());
    return new Runs(loop, clock, RunStore.open(loop.owner(), clock, stateDirectory), new Turns<>(slots), beats,
        RunsListener.all(listeners));
  }

  /** From now on; what runs already goes on. */
  public void limit(HostLimits limits) {
    turns.limit(new Slots(limits.slots(), limits.queue(), limits.workerSlots()));
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

  public boolean isDraining() {
    return draining;
  }

  /** Takes a wake in: it is on disk then. The same run again is the same run. */
  public Future<Admission> admit(Incoming wake) {
    HostedRun known = live.get(wake.run());
    if (known != null) {
      return Future.succeededFuture(known.agent() == wake.agent()
          ? new Admission.Accepted(RunView.of(known)) : new Admission.Refused());
    }
    Future<Admission> underWay = admitting.get(wake.run());
    if (underWay != null) {
      return underWay.compose(first -> first instanceof Admission.Accepted ? admit(wake) : Future.succeededFuture(first));
    }
    Future<Admission> admission = store.find(wake.run()).compose(stored -> stored.isPresent()
        ? Future.succeededFuture(stored.get().agent().equals(wake.agent().name())
            ? new Admission.Accepted(RunView.of(stored.get())) : new Admission.Refused())
        : admitNew(wake));
    admitting.put(wake.run(), admission);
    return admission.onComplete(done -> admitting.remove(wake.run()));
  }

  private Future<Admission> admitNew(Incoming wake) {
    HostedAgent agent = wake.agent();
    if (wake.way() == WayIn.GATEWAY && (draining || agent.isPaused())) {
      return notNow(draining ? "the host is about to end" : "the agent is paused on this host", false);
    }
    if (wake.way() == WayIn.GATEWAY && !turns.hasRoom(agent.name(), agent.configuration().queue())) {
      return notNow("the queue is full", true);
    }
    return verified(wake).compose(run -> run.isEmpty()
        ? Future.succeededFuture(new Admission.Refused())
        : store.put(run.get().stored(null)).map(durable -> enter(run.get())));
  }

  private static Future<Admission> notNow(String why, boolean overload) {
    return Future.succeededFuture(new Admission.NotNow(why, overload, SOON));
  }

  /** The run, if it is this agent's, of its company, and live: the server itself would accept another agent's. */
  private Future<Optional<HostedRun>> verified(Incoming wake) {
    HostedAgent agent = wake.agent();
    return agent.identity().compose(self -> agent.server().as(wake.token()).run(wake.run())
        .map(Optional::of)
        .recover(failure -> failure instanceof Rejected
            ? Future.succeededFuture(Optional.<HeartbeatRun>empty()) : Future.failedFuture(failure))
        .map(found -> found
            .filter(run -> run.agentId().equals(self.id()) && run.companyId().equals(self.company()))
            .filter(run -> !run.status().isOver())
            .map(run -> hosted(wake, self, run))));
  }

  private HostedRun hosted(Incoming wake, HostedAgent.Identity self, HeartbeatRun run) {
    WakeFacts facts = run.contextSnapshot() == null
        ? wake.facts() : wake.facts().or(WakeFacts.of(run.contextSnapshot()));
    HostedRun behind = live.values().stream()
        .filter(other -> other.agent() == wake.agent() && other.issue().equals(facts.task()))
        .reduce((first, later) -> later).orElse(null);
    return new HostedRun(wake.agent(), self, wake.run(), facts, wake.token(), wake.way(), clock.instant(), behind);
  }

  private Admission enter(HostedRun run) {
    live.put(run.id(), run);
    listener.accepted(run);
    Claim<HostedRun> claim = new Claim<>(
        run.agent().name(), run.issue(), run.agent().configuration().workerName(),
        run.agent().configuration().slots(), run.agent().configuration().queue(), run);
    boolean hurried = draining || run.agent().isPaused();
    if (!hurried && turns.offer(claim)) {
      claims.put(run.id(), claim);
      pump();
    } else {
      settleLater(run, hurried ? "the host could not take this on now" : "the host's queue is full");
    }
    return new Admission.Accepted(RunView.of(run));
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
        : beats.beat(run);
    return beat.compose(ending -> end(run, ending));
  }

  /** What can't have its turn is not failed but put off: the heartbeat runs without its work. */
  private void settleLater(HostedRun run, String why) {
    run.postpone(why, clock.instant().plus(LATER));
    start(run);
  }

  private Future<Void> end(HostedRun run, Ending ending) {
    return store.put(run.stored(ending))
        .recover(unwritable -> {
          LOG.error("the end of run {} could not be stored", run.id(), unwritable);
          return Future.succeededFuture();
        })
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
    Claim<HostedRun> claim = claims.remove(run.id());
    if (claim != null && turns.withdraw(claim)) {
      end(run, Ending.cancelled(why, clock.instant()));
    } else {
      run.stop(why);
    }
  }

  /** Puts off a run that nobody can wait for any longer; one that waits still is settled without its work. */
  public void postpone(HostedRun run, String why) {
    Claim<HostedRun> claim = claims.remove(run.id());
    if (claim != null && turns.withdraw(claim)) {
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

  /** Goes on with what was accepted before the host's last end. Completes when each run is taken up or settled. */
  public Future<Void> resume(Map<String, HostedAgent> agents) {
    return store.unfinished().compose(runs -> Future.join(runs.stream()
        .map(run -> resume(run, Optional.ofNullable(agents.get(run.agent())))).toList()).mapEmpty());
  }

  private Future<Void> resume(StoredRun stored, Optional<HostedAgent> agent) {
    if (live.containsKey(stored.run())) {
      return Future.succeededFuture();
    }
    if (agent.isEmpty()) {
      return store.put(over(stored, Ending.failed(
          "the host was restarted without the agent '" + stored.agent() + "'", 0, clock.instant())));
    }
    Incoming wake = new Incoming(agent.get(), stored.run(), stored.way(), agent.get().key(), WakeFacts.NONE);
    return verified(wake).compose(run -> {
      if (run.isEmpty()) {
        return store.put(over(stored, Ending.cancelled(
            "the run was over when the host was back", clock.instant())));
      }
      enter(run.get());
      return Future.succeededFuture();
    });
  }

  private static StoredRun over(StoredRun run, Ending ending) {
    return new StoredRun(run.run(), run.agent(), run.issue(), run.way(), run.acceptedAt(), ending);
  }

  /** Takes nothing new on; what has no turn yet stays on disk, or is put off where somebody waits for its answer. */
  public void drain() {
    draining = true;
    live().stream()
        .filter(run -> run.phase() == Phase.QUEUED && run.way() != WayIn.GATEWAY)
        .forEach(run -> postpone(run, "the host is about to end"));
    live().stream().filter(run -> run.phase() == Phase.QUEUED).forEach(run -> {
      Claim<HostedRun> claim = claims.remove(run.id());
      if (claim != null && turns.withdraw(claim)) {
        live.remove(run.id());
      }
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
