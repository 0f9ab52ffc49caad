package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.RunSession;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.IssueId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One heartbeat in progress: who beats, why, and what it has learned. Confined to its event loop, except for {@link
 * #tell}.
 */
public final class Beat {

  private final Vertx vertx;
  private final Clock clock;
  private final Call call;
  private final Agent self;
  private final Wake wake;
  private final RunSession run;
  private final AgentSetup setup;
  private final CancellationSource cancellation;
  private final HeartbeatListener listener;
  private final Set<IssueId> tried = new HashSet<>();

  public Beat(
      Vertx vertx,
      Clock clock,
      Call call,
      Agent self,
      Wake wake,
      RunSession run,
      AgentSetup setup,
      CancellationSource cancellation,
      HeartbeatListener listener) {
    this.vertx = vertx;
    this.clock = clock;
    this.call = call;
    this.self = self;
    this.wake = wake;
    this.run = run;
    this.setup = setup;
    this.cancellation = cancellation;
    this.listener = listener;
  }

  public Call call() {
    return call;
  }

  public Agent self() {
    return self;
  }

  public Wake wake() {
    return wake;
  }

  /** The writes of this run. */
  public RunSession run() {
    return run;
  }

  /** The reads of this agent. */
  public AgentSession session() {
    return run.agent();
  }

  public AgentSetup setup() {
    return setup;
  }

  public CancellationSource cancellation() {
    return cancellation;
  }

  public Clock clock() {
    return clock;
  }

  public Vertx vertx() {
    return vertx;
  }

  /** What the wake says of {@code issue}; nothing if it is about another one. */
  public WakeFacts factsOf(IssueId issue) {
    return issue.equals(wake.facts().issue()) ? wake.facts() : WakeFacts.NONE;
  }

  /** The issue's short name where the wake tells it, else its id. */
  public String labelOf(IssueId issue) {
    return factsOf(issue) == WakeFacts.NONE ? issue.toString() : wake.facts().taskLabel();
  }

  /** Marks the issue as asked for; false if it was before: nothing is ever asked for twice in a heartbeat. */
  public boolean firstTry(IssueId issue) {
    return tried.add(issue);
  }

  public Set<IssueId> tried() {
    return Set.copyOf(tried);
  }

  public void tell(Step step, HeartbeatEvent.Kind kind, String message) {
    tell(step, kind, Optional.empty(), message);
  }

  public void tell(Step step, HeartbeatEvent.Kind kind, String issueLabel, String message) {
    tell(step, kind, Optional.of(issueLabel), message);
  }

  private void tell(Step step, HeartbeatEvent.Kind kind, Optional<String> issue, String message) {
    listener.on(new HeartbeatEvent(clock.instant(), run.run(), self.id(), step, kind, issue, message));
  }

  /** Runs file access off the event loop. */
  public <T> Future<T> offLoop(Supplier<T> access) {
    return vertx.executeBlocking(access::get, false);
  }
}
