package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.Rejected;
import io.heartbeat4j.client.TokenClaims;
import io.heartbeat4j.heartbeat.Call;
import io.heartbeat4j.heartbeat.HeartbeatException;
import io.heartbeat4j.heartbeat.Wake;
import io.heartbeat4j.heartbeat.WakeFacts;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;

/**
 * Step 1: who is beating, and for which run. Before anything is written, the run must be this agent's, in this company,
 * and live: the server itself would accept another agent's (contract section 2).
 */
public final class Identity {

  private final Clock clock;
  private final KnownAgents known;

  @Inject
  public Identity(Clock clock, KnownAgents known) {
    this.clock = clock;
    this.known = known;
  }

  /** Who beats and what the wake allows. */
  public record Confirmed(Agent self, Wake wake) {}

  /**
   * Asks for the agent's record and the run, both at once; not for a run that the caller has just read, nor for the record
   * of an agent that this process has {@linkplain KnownAgents just beaten for}.
   *
   * <p>Fails with a {@link HeartbeatException} where token, agent, company and run do not belong together.
   */
  public Future<Confirmed> confirm(Call call, AgentSession session) {
    Optional<HeartbeatException> wrongToken = call.token().claims().flatMap(claims -> mismatch(call, claims));
    if (wrongToken.isPresent()) {
      return Future.failedFuture(wrongToken.get());
    }
    Future<Agent> me = known.find(call).map(Future::succeededFuture)
        .orElseGet(() -> session.me().onSuccess(self -> known.told(call, self)));
    Future<Optional<HeartbeatRun>> run = call.seen().isPresent()
        ? Future.succeededFuture(call.seen())
        : session.run(call.run()).map(Optional::of).recover(Identity::withoutRuns);
    return Future.all(me, run).map(both -> confirmed(call, me.result(), run.result()));
  }

  private static Confirmed confirmed(Call call, Agent self, Optional<HeartbeatRun> run) {
    if (!self.id().equals(call.agent())) {
      throw notAllowed("PAPERCLIP_AGENT_ID is " + call.agent() + ", but the token is agent " + self.id() + "'s ("
          + self.name() + ")");
    }
    if (!self.companyId().equals(call.company())) {
      throw notAllowed("PAPERCLIP_COMPANY_ID is " + call.company() + ", but the agent's company is " + self.companyId());
    }
    run.ifPresent(found -> verify(call, self, found));
    return new Confirmed(self, wake(call, run));
  }

  private static void verify(Call call, Agent self, HeartbeatRun run) {
    if (!run.agentId().equals(call.agent())) {
      throw notAllowed("run " + run.id() + " is agent " + run.agentId() + "'s, not " + call.agent() + "'s");
    }
    if (!run.companyId().equals(call.company())) {
      throw notAllowed("run " + run.id() + " belongs to another company");
    }
    if (run.status().isOver()) {
      throw notAllowed("run " + run.id() + " is over (" + run.status() + "): the server refuses its writes"
          + (self.status().isStopped() ? "; the agent is " + self.status() + ", resume it on the board" : ""));
    }
  }

  private static Wake wake(Call call, Optional<HeartbeatRun> run) {
    if (run.isEmpty()) {
      return new Wake.Free(call.facts());
    }
    return run.map(HeartbeatRun::contextSnapshot)
        .<Wake>map(snapshot -> {
          WakeFacts facts = call.facts().or(WakeFacts.of(snapshot));
          return snapshot.scope() == null
              ? new Wake.Unscoped(facts)
              : new Wake.Scoped(snapshot.scope(), facts);
        })
        .orElseGet(() -> new Wake.Unscoped(call.facts()));
  }

  /** A server from before scoped runs has no such route; one that has the route and not the run is another matter. */
  private static Future<Optional<HeartbeatRun>> withoutRuns(Throwable failure) {
    return failure instanceof Rejected rejected && rejected.status() == 404
            && String.valueOf(rejected.error().error()).contains("route not found")
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(failure);
  }

  private Optional<HeartbeatException> mismatch(Call call, TokenClaims claims) {
    if (!claims.expiresAt().isAfter(clock.instant())) {
      return Optional.of(notAllowed("the run's token expired at " + claims.expiresAt()
          + "; only a new wake brings a new one"));
    }
    if (!claims.agent().equals(call.agent()) || !claims.company().equals(call.company())
        || !claims.run().equals(call.run())) {
      return Optional.of(notAllowed("PAPERCLIP_API_KEY is the token of agent " + claims.agent() + ", company "
          + claims.company() + ", run " + claims.run() + ", which is not what PAPERCLIP_AGENT_ID, PAPERCLIP_COMPANY_ID"
          + " and PAPERCLIP_RUN_ID say"));
    }
    return Optional.empty();
  }

  private static HeartbeatException notAllowed(String message) {
    return new HeartbeatException(HeartbeatException.Kind.NOT_ALLOWED, message);
  }
}
