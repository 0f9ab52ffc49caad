package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.event.EventDispatcher;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.IssueMemoryCache;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.wal.WriteAheadLogFactory;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import jakarta.inject.Inject;

/** Creates the context of a heartbeat from what step 1 has confirmed. */
public final class HeartbeatContextFactory {

  private final Scheduler scheduler;
  private final WriteAheadLogFactory logs;
  private final EventDispatcher listeners;

  @Inject
  HeartbeatContextFactory(Scheduler scheduler, WriteAheadLogFactory logs, EventDispatcher listeners) {
    this.scheduler = scheduler;
    this.logs = logs;
    this.listeners = listeners;
  }

  /** Called on the event loop that the heartbeat stays on. */
  public HeartbeatContext create(IdentityStep.Confirmed confirmed, AgentSession session, WakeRequest request,
      AgentSetup setup, CancellationSource cancellation) {
    Scheduler here = scheduler.onCurrentContext();
    HeartbeatContext heartbeat = new HeartbeatContext(here, confirmed.self(), confirmed.wake(),
        session.forRun(request.run(), confirmed.self().id()), setup, cancellation, listeners,
        logs.forAgent(setup.memory(), here), new IssueMemoryCache(here, setup.memory()));
    heartbeat.emit(Step.IDENTITY, Kind.DONE,
        confirmed.self().name() + ", woken by " + confirmed.wake().facts().describeReason());
    return heartbeat;
  }
}
