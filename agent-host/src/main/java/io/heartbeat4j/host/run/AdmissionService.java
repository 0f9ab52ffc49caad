package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.PermanentFailure;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Admits wakes: verifies each run on its server and persists it before it is accepted. Confined to the host's event
 * loop.
 */
public final class AdmissionService {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration TOKEN_PATIENCE = Duration.ofMinutes(15);

  private final RunCoordinator runCoordinator;
  private final RunStore store;
  private final Clock clock;
  private final Map<RunId, Future<AdmissionResult>> admitting = new HashMap<>();
  private final RunsAwaitingToken awaitingToken;

  AdmissionService(RunCoordinator runCoordinator, RunStore store, Clock clock, Vertx vertx) {
    this(runCoordinator, store, clock, vertx, TOKEN_PATIENCE);
  }

  /** @param patience how long a run whose token is stored nowhere waits for it after a restart */
  AdmissionService(RunCoordinator runCoordinator, RunStore store, Clock clock, Vertx vertx, Duration patience) {
    this.runCoordinator = runCoordinator;
    this.store = store;
    this.clock = clock;
    this.awaitingToken = new RunsAwaitingToken(vertx, patience, this::giveUp);
  }

  /** Admits a wake; the run is persisted when the future completes. Idempotent by run id. */
  public Future<AdmissionResult> admit(IncomingWake wake) {
    HostedRun known = runCoordinator.live(wake.run()).orElse(null);
    if (known != null) {
      return Future.succeededFuture(isOf(wake, known)
          ? new AdmissionResult.Accepted(RunView.of(known))
          : new AdmissionResult.Refused());
    }
    Future<AdmissionResult> underWay = admitting.get(wake.run());
    if (underWay != null) {
      return underWay
          .compose(first -> first instanceof AdmissionResult.Accepted ? admit(wake) : Future.succeededFuture(first));
    }
    Future<AdmissionResult> admission = store.find(wake.run())
        .compose(stored -> stored.isPresent() ? admitStored(wake, stored.get()) : admitNew(wake))
        .recover(failure -> Future.failedFuture(describeFailure(wake.agent(), failure)));
    admitting.put(wake.run(), admission);
    return admission.onComplete(done -> admitting.remove(wake.run()));
  }

  private static boolean isOf(IncomingWake wake, HostedRun run) {
    return run.agent() == wake.agent()
        && (!wake.channel().needsToken() || run.hasToken(Optional.of(wake.token())));
  }

  /** Whether the adapter's run was admitted with the token, or its wake has brought it again. */
  public boolean hasToken(RunView run, AgentToken token) {
    HostedRun live = run.liveRun();
    return live == null
        ? awaitingToken.hasToken(run.id(), token)
        : live.channel().needsToken() && live.hasToken(Optional.of(token));
  }

  private Future<AdmissionResult> admitStored(IncomingWake wake, StoredRun stored) {
    if (!stored.agent().equals(wake.agent().name())) {
      return Future.succeededFuture(new AdmissionResult.Refused());
    }
    if (stored.ending() != null || !wake.channel().needsToken()) {
      return Future.succeededFuture(new AdmissionResult.Accepted(RunView.of(stored)));
    }
    if (awaitingToken.claimed(wake.run()).isPresent()) {
      return resumeWith(wake, stored);
    }
    awaitingToken.addWake(wake);
    return Future.succeededFuture(new AdmissionResult.Accepted(RunView.of(stored)));
  }

  private Future<AdmissionResult> admitNew(IncomingWake wake) {
    HostedAgent agent = wake.agent();
    if (wake.channel().waitsForHost() && !runCoordinator.hasCapacity(agent)) {
      return Future.succeededFuture(new AdmissionResult.QueueFull(RETRY_AFTER));
    }
    return verify(wake).compose(run -> run.isEmpty()
        ? Future.succeededFuture(new AdmissionResult.Refused())
        : store.accept(run.get().toStoredRun(null)).map(ours -> {
          if (ours) {
            return runCoordinator.enqueue(run.get());
          }
          if (wake.channel().needsToken()) {
            awaitingToken.addWake(wake);
          }
          return new AdmissionResult.Accepted(RunView.of(run.get().toStoredRun(null)));
        }));
  }

  /**
   * The run, if it is this agent's, of its company, and live; the server itself would accept another agent's run id.
   */
  private Future<Optional<HostedRun>> verify(IncomingWake wake) {
    HostedAgent agent = wake.agent();
    return agent.identity().compose(self -> agent.server().session(wake.token()).run(wake.run())
        .map(Optional::of)
        .recover(failure -> failure instanceof PermanentFailure && !isConfiguredKeyRejected(wake, failure)
            ? Future.succeededFuture(Optional.<HeartbeatRun>empty())
            : Future.failedFuture(failure))
        .map(found -> found
            .filter(run -> run.agentId().equals(self.id()) && run.companyId().equals(self.company()))
            .filter(run -> !run.status().isOver())
            .map(run -> toHostedRun(wake, self, run))))
        .onSuccess(run -> run.ifPresent(live -> wake.configuration().ifPresent(agent::configure)));
  }

  /** Whether the server refuses the configured key, as opposed to the token of the wake. */
  private static boolean isConfiguredKeyRejected(IncomingWake wake, Throwable failure) {
    return failure instanceof Unauthorized && wake.agent().key().filter(wake.token()::equals).isPresent();
  }

  /** The reason, for operators. */
  private static HeartbeatException describeFailure(HostedAgent agent, Throwable failure) {
    return new HeartbeatException(HeartbeatException.Kind.SERVER,
        "agent '" + agent.name() + "': " + failure.getMessage()
            + (failure instanceof Unauthorized ? "; make a key for it on the board, and set it as 'key'" : ""),
        failure);
  }

  private HostedRun toHostedRun(IncomingWake wake, HostedAgent.AgentIdentity self, HeartbeatRun run) {
    WakeFacts facts = run.contextSnapshot() == null
        ? wake.facts()
        : wake.facts().withFallback(WakeFacts.of(run.contextSnapshot()));
    HostedRun behind = runCoordinator.live().stream()
        .filter(other -> other.agent() == wake.agent() && other.issue().equals(facts.task()))
        .reduce((first, later) -> later).orElse(null);
    return new HostedRun(wake.agent(), self, run, facts, wake.token(), wake.channel(), clock.instant(),
        runCoordinator.claimsUnchangedSinceNow(), behind);
  }

  /**
   * Resumes the runs that were accepted and are executed by no live host: those of this host before its last end, and
   * those of a host beside it that is gone. Completes when each is scheduled or settled.
   */
  public Future<Void> resume(Map<String, HostedAgent> agents) {
    return store.claimUnfinished().compose(left -> Future.join(left.stream()
        .map(run -> resume(run, Optional.ofNullable(agents.get(run.agent())))).toList()).mapEmpty());
  }

  private Future<Void> resume(StoredRun stored, Optional<HostedAgent> agent) {
    if (runCoordinator.live(stored.run()).isPresent()) {
      return Future.succeededFuture();
    }
    Optional<IncomingWake> wake = stored.way().needsToken()
        ? awaitingToken.wake(stored.run())
        : agent.flatMap(known -> known.key()
            .map(key -> new IncomingWake(known, stored.run(), stored.way(), key, WakeFacts.NONE)));
    if (wake.isEmpty() && stored.way().needsToken()) {
      awaitingToken.addClaimed(stored);
      return Future.succeededFuture();
    }
    if (wake.isEmpty()) {
      return store.end(withResult(stored, RunResult.failed(
          "the host was restarted without the agent '" + stored.agent() + "'", 0, clock.instant())));
    }
    return resumeWith(wake.get(), stored).<Void>mapEmpty().recover(failure -> failure instanceof Unauthorized // as of an agent that was terminated: it would never go on
        ? store.end(withResult(stored, RunResult.failed(
            String.valueOf(describeFailure(wake.get().agent(), failure).getMessage()), 0, clock.instant())))
        : store.release(stored.run()).transform(released -> Future.failedFuture(failure))); // claimed again later
  }

  /** Goes on with a run that this host has claimed, or ends its record where the run is over. */
  private Future<AdmissionResult> resumeWith(IncomingWake wake, StoredRun stored) {
    return verify(wake).compose(run -> {
      awaitingToken.remove(stored.run());
      if (run.isEmpty()) {
        return store.end(withResult(stored, RunResult.cancelled(
            "the run was over when the host was back", clock.instant()))).map(new AdmissionResult.Refused());
      }
      run.get().assumeWorkStarted();
      return Future.succeededFuture(runCoordinator.enqueue(run.get()));
    });
  }

  private void giveUp(StoredRun run) {
    store.end(withResult(run, RunResult.failed("the host was restarted during the run, and nobody has asked for the"
        + " run since: what it left is finished by the next run of its agent", 0, clock.instant())));
  }

  private static StoredRun withResult(StoredRun run, RunResult result) {
    return new StoredRun(run.run(), run.agent(), run.issue(), run.way(), run.acceptedAt(), result);
  }
}
