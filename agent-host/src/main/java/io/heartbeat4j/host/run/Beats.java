package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.UsageReport;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Runs the heartbeat of a run, and says how it ended. */
public final class Beats {

  private final Heartbeat heartbeat;
  private final Lanes lanes;
  private final Redactor redactor;
  private final Clock clock;
  private final ToIntFunction<Throwable> exitCodes;

  /** @param exitCodes the exit code that {@code heartbeat run} has for a failure */
  public Beats(
      Heartbeat heartbeat, Lanes lanes, Redactor redactor, Clock clock, ToIntFunction<Throwable> exitCodes) {
    this.heartbeat = heartbeat;
    this.lanes = lanes;
    this.redactor = redactor;
    this.clock = clock;
    this.exitCodes = exitCodes;
  }

  /** Never fails: whatever happens, a run reaches its end. Called on the host's loop, and answers on it. */
  Future<Ending> beat(HostedRun run, Context loop) {
    HostedAgent agent = run.agent();
    WakeRequest request = new WakeRequest(
        agent.server().url(), run.token(), run.self().id(), run.self().company(), run.id(), facts(run), List.of()).withRun(run.record());
    List<Usage> usage = new CopyOnWriteArrayList<>();
    AgentSetup setup = agent.setup(
        run.self(), run.way().tellsUsage() ? new UsageReport.Callback(usage::add) : new UsageReport.CostEvents());
    return agent.free()
        .compose(free -> lanes.on(agent.name(), loop, () -> heartbeat.run(agent.server(), request, setup, run.cancellation())))
        .map(this::ended).otherwise(this::failed)
        .map(ending -> run.wasStopped() && ending.phase() == Phase.COMPLETED ? ending.as(Phase.CANCELLED) : ending)
        .map(ending -> ending.using(usage, run.session()));
  }

  private static WakeFacts facts(HostedRun run) {
    return run.agent().configuration().workspace()
        .map(own -> inWorkspace(own.toAbsolutePath().toString()).or(run.facts()))
        .orElse(run.facts());
  }

  private static WakeFacts inWorkspace(@Nullable String directory) {
    return new WakeFacts(null, null, List.of(), null, List.of(), null, null, null, directory);
  }

  private Ending ended(HeartbeatOutcome outcome) {
    Instant now = clock.instant();
    return switch (outcome) {
      case HeartbeatOutcome.Settled settled when settled.settlements().stream().allMatch(Beats::isSilent) -> Ending.empty(now);
      case HeartbeatOutcome.Settled settled -> Ending.completed(settled.summary(), now);
      case HeartbeatOutcome.Idle idle -> Ending.empty(now);
      case HeartbeatOutcome.RunRequested summoned -> Ending.empty(now);
    };
  }

  private static boolean isSilent(Settlement settlement) {
    return settlement instanceof Settlement.Acknowledged;
  }

  private Ending failed(Throwable failure) {
    String words = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    return Ending.failed(redactor.redact(words), exitCodes.applyAsInt(failure), clock.instant());
  }
}
