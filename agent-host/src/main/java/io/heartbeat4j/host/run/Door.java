package io.heartbeat4j.host.run;

import io.heartbeat4j.client.Rejected;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.host.cluster.Neighbours;
import io.heartbeat4j.host.run.Admission.RunView;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where runs come in: each is looked up on its server first, and is accepted once it is on disk. Confined to the host's
 * event loop.
 */
public final class Door {

  private static final Duration SOON = Duration.ofSeconds(5);

  private final Runs runs;
  private final RunStore store;
  private final Clock clock;
  private final Neighbours neighbours;
  private final Map<RunId, Future<Admission>> admitting = new HashMap<>();

  Door(Runs runs, RunStore store, Clock clock, Neighbours neighbours) {
    this.runs = runs;
    this.store = store;
    this.clock = clock;
    this.neighbours = neighbours;
  }

  /** Takes a wake in: it is on disk then. The same run again is the same run. */
  public Future<Admission> admit(Incoming wake) {
    HostedRun known = runs.live(wake.run()).orElse(null);
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
        : admitNew(wake))
        .recover(failure -> Future.failedFuture(notNow(wake.agent(), failure)));
    admitting.put(wake.run(), admission);
    return admission.onComplete(done -> admitting.remove(wake.run()));
  }

  private Future<Admission> admitNew(Incoming wake) {
    HostedAgent agent = wake.agent();
    if (wake.way() == WayIn.GATEWAY && !runs.hasRoom(agent)) {
      return Future.succeededFuture(new Admission.Full(SOON));
    }
    return verified(wake).compose(run -> run.isEmpty()
        ? Future.succeededFuture(new Admission.Refused())
        : store.put(run.get().stored(null)).map(durable -> runs.enter(run.get())));
  }

  /** The run, if it is this agent's, of its company, and live: the server itself would accept another agent's. */
  private Future<Optional<HostedRun>> verified(Incoming wake) {
    HostedAgent agent = wake.agent();
    return agent.identity().compose(self -> agent.server().as(wake.token()).run(wake.run())
        .map(Optional::of)
        .recover(failure -> failure instanceof Rejected && !isOwnKeys(wake, failure)
            ? Future.succeededFuture(Optional.<HeartbeatRun>empty()) : Future.failedFuture(failure))
        .map(found -> found
            .filter(run -> run.agentId().equals(self.id()) && run.companyId().equals(self.company()))
            .filter(run -> !run.status().isOver())
            .map(run -> hosted(wake, self, run))));
  }

  /** Whether it is the configured key that the server does not take, and not what the wake has shown. */
  private static boolean isOwnKeys(Incoming wake, Throwable failure) {
    return failure instanceof Unauthorized && wake.token().equals(wake.agent().key());
  }

  /** In words for the operator. */
  private static HeartbeatException notNow(HostedAgent agent, Throwable failure) {
    return new HeartbeatException(HeartbeatException.Kind.SERVER, "agent '" + agent.name() + "': " + failure.getMessage()
        + (failure instanceof Unauthorized ? "; make a key for it on the board, and set it as 'key'" : ""), failure);
  }

  private HostedRun hosted(Incoming wake, HostedAgent.Identity self, HeartbeatRun run) {
    WakeFacts facts = run.contextSnapshot() == null
        ? wake.facts() : wake.facts().or(WakeFacts.of(run.contextSnapshot()));
    HostedRun behind = runs.live().stream()
        .filter(other -> other.agent() == wake.agent() && other.issue().equals(facts.task()))
        .reduce((first, later) -> later).orElse(null);
    return new HostedRun(wake.agent(), self, run, facts, wake.token(), wake.way(), clock.instant(), behind);
  }

  /** Goes on with what was accepted before the host's last end. Completes when each run is taken up or settled. */
  public Future<Void> resume(Map<String, HostedAgent> agents) {
    return store.unfinished().compose(left -> Future.join(left.stream()
        .map(run -> resume(run, Optional.ofNullable(agents.get(run.agent())))).toList()).mapEmpty());
  }

  /**
   * Takes over the runs of a host that is gone: those that are over are told from here on, for the others see {@link
   * #resume}. Fails where the directory's file is in use.
   */
  public Future<Void> inherit(Path directory) {
    return store.absorb(directory);
  }

  private Future<Void> resume(StoredRun stored, Optional<HostedAgent> agent) {
    if (runs.live(stored.run()).isPresent()) {
      return Future.succeededFuture();
    }
    return neighbours.keeps(stored.run()).compose(ours -> ours ? goOn(stored, agent) : store.remove(stored.run()));
  }

  private Future<Void> goOn(StoredRun stored, Optional<HostedAgent> agent) {
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
      runs.enter(run.get());
      return Future.<Void>succeededFuture();
    }).recover(failure -> failure instanceof Unauthorized // as of an agent that was terminated: it would never go on
        ? store.put(over(stored, Ending.failed(String.valueOf(notNow(agent.get(), failure).getMessage()), 0, clock.instant())))
        : Future.failedFuture(failure));
  }

  private static StoredRun over(StoredRun run, Ending ending) {
    return new StoredRun(run.run(), run.agent(), run.issue(), run.way(), run.acceptedAt(), ending);
  }
}
