package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.RunSession;
import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.event.ConflictCause;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.IssueMemoryCache;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeScope;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.IssueId;
import java.time.Clock;
import java.util.Optional;

/**
 * What step 1 has established and every later step is given: who the agent is, what it was woken for, and the sessions
 * and stores of this one heartbeat. Immutable: what a step learns, it returns. Used on the heartbeat's event loop,
 * except for {@link #emit}, which any thread may call.
 *
 * @param scheduler where the heartbeat runs, and its clock
 * @param run the writes of this run
 * @param log the agent's write-ahead log
 */
public record HeartbeatContext(
    Scheduler scheduler, Agent self, WakeScope wake, RunSession run, AgentSetup setup, CancellationSource cancellation,
    HeartbeatListener listener, WriteAheadLog log, IssueMemoryCache memory) {

  /** The reads of this agent. */
  public AgentSession session() {
    return run.agent();
  }

  public Clock clock() {
    return scheduler.clock();
  }

  /** What the wake says of {@code issue}; {@link WakeFacts#NONE} if it is about another one. */
  public WakeFacts factsOf(IssueId issue) {
    return issue.equals(wake.facts().issue()) ? wake.facts() : WakeFacts.NONE;
  }

  /** The issue's identifier where the wake tells it, else its id. */
  public String labelOf(IssueId issue) {
    return issue.equals(wake.facts().issue()) ? wake.facts().taskLabel() : issue.toString();
  }

  public void emit(Step step, HeartbeatEvent.Kind kind, String message) {
    emit(step, kind, Optional.empty(), Optional.empty(), message);
  }

  public void emit(Step step, HeartbeatEvent.Kind kind, String issueLabel, String message) {
    emit(step, kind, Optional.of(issueLabel), Optional.empty(), message);
  }

  /** Emits that the server answered 409. */
  public void emitConflict(Step step, String issueLabel, ConflictCause cause, String message) {
    emit(step, HeartbeatEvent.Kind.CONFLICT, Optional.of(issueLabel), Optional.of(cause), message);
  }

  private void emit(
      Step step, HeartbeatEvent.Kind kind, Optional<String> issue, Optional<ConflictCause> conflict, String message) {
    listener.on(new HeartbeatEvent(clock().instant(), run.run(), self.id(), step, kind, issue, conflict, message));
  }
}
