package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.PermanentFailure;
import io.heartbeat4j.client.TokenClaims;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.wake.WakeScope;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Step 1: which agent this is, and for which run. Before anything is written, the run must be this agent's, in this
 * company, and live: the server itself would accept another agent's (contract section 2).
 */
public final class IdentityStep {

  private final AgentCache known;
  private final ClockCheck clockCheck;

  @Inject
  IdentityStep(AgentCache known, ClockCheck clockCheck) {
    this.known = known;
    this.clockCheck = clockCheck;
  }

  /** The agent and what its wake allows. */
  public record Confirmed(Agent self, WakeScope wake) {}

  /**
   * Asks for the agent's record and the run, both at once; not for a run that the caller has just read, nor for the
   * record of an agent that this process has {@linkplain AgentCache just beaten for}.
   *
   * <p>Whether the token has expired is the server's to say: this machine's clock may be wrong. Fails with a {@link
   * HeartbeatException} where token, agent, company and run do not belong together.
   */
  public Future<Confirmed> confirm(WakeRequest request, AgentSession session) {
    Optional<HeartbeatException> wrongToken = request.token().claims().flatMap(claims -> mismatch(request, claims));
    if (wrongToken.isPresent()) {
      return Future.failedFuture(wrongToken.get());
    }
    Future<Agent> me = known.find(request).map(Future::succeededFuture)
        .orElseGet(() -> session.me().onSuccess(self -> known.update(request, self)));
    Future<Optional<HeartbeatRun>> run = request.knownRun().isPresent()
        ? Future.succeededFuture(request.knownRun())
        : session.run(request.run()).map(Optional::of).recover(IdentityStep::withoutRuns);
    return Future.all(me, run).map(both -> confirmed(request, me.result(), run.result()))
        .onComplete(answered -> clockCheck.report(request, session));
  }

  /**
   * Why the agent has nothing to do now, where it has not: a stopped agent's reads succeed, its updates are refused; one
   * over its budget that the server has not stopped only settles what it holds.
   */
  public static Optional<String> restReason(Agent self, WakeScope wake) {
    if (self.status().isStopped()) {
      return Optional.of("the agent is " + self.status()
          + (self.pauseReason() == null ? "" : " (" + self.pauseReason() + ")"));
    }
    return self.isOverBudget() && wake.heldIssue().isEmpty()
        ? Optional.of(BudgetGuard.SPENT)
        : Optional.empty();
  }

  private static Confirmed confirmed(WakeRequest request, Agent self, Optional<HeartbeatRun> run) {
    if (!self.id().equals(request.agent())) {
      throw notAllowed("PAPERCLIP_AGENT_ID is " + request.agent() + ", but the token is agent " + self.id() + "'s ("
          + self.name() + ")");
    }
    if (!self.companyId().equals(request.company())) {
      throw notAllowed(
          "PAPERCLIP_COMPANY_ID is " + request.company() + ", but the agent's company is " + self.companyId());
    }
    run.ifPresent(found -> verify(request, self, found));
    return new Confirmed(self, wake(request, run));
  }

  private static void verify(WakeRequest request, Agent self, HeartbeatRun run) {
    if (!run.agentId().equals(request.agent())) {
      throw notAllowed("run " + run.id() + " is agent " + run.agentId() + "'s, not " + request.agent() + "'s");
    }
    if (!run.companyId().equals(request.company())) {
      throw notAllowed("run " + run.id() + " belongs to another company");
    }
    if (run.status().isOver()) {
      throw notAllowed("run " + run.id() + " is over (" + run.status() + "): the server refuses its writes"
          + (self.status().isStopped() ? "; the agent is " + self.status() + ", resume it on the board" : ""));
    }
  }

  private static WakeScope wake(WakeRequest request, Optional<HeartbeatRun> run) {
    if (run.isEmpty()) {
      return new WakeScope.Unrestricted(request.facts());
    }
    return run.map(HeartbeatRun::contextSnapshot)
        .<WakeScope>map(snapshot -> {
          WakeFacts facts = request.facts().withFallback(WakeFacts.of(snapshot));
          return snapshot.scopedIssue() == null
              ? new WakeScope.Unscoped(facts)
              : new WakeScope.Scoped(snapshot.scopedIssue(), facts);
        })
        .orElseGet(() -> new WakeScope.Unscoped(request.facts()));
  }

  /** A server from before scoped runs has no such route; one that has the route and not the run is another matter. */
  private static Future<Optional<HeartbeatRun>> withoutRuns(Throwable failure) {
    return failure instanceof PermanentFailure permanentFailure && permanentFailure.status() == 404
        && String.valueOf(permanentFailure.error().error()).contains("route not found")
            ? Future.succeededFuture(Optional.empty())
            : Future.failedFuture(failure);
  }

  private static Optional<HeartbeatException> mismatch(WakeRequest request, TokenClaims claims) {
    if (!claims.agent().equals(request.agent()) || !claims.company().equals(request.company())
        || !claims.run().equals(request.run())) {
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
