package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.Heartbeat;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.UsageDestination;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.ProviderUsage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Executes the heartbeat of a run and maps its outcome to a run result. */
public final class HeartbeatExecutor {

  private final Heartbeat heartbeat;
  private final EventLoopPool eventLoops;
  private final Redactor redactor;
  private final Clock clock;
  private final HeartbeatRetry retry;
  private final ToIntFunction<Throwable> exitCodes;

  /**
   * Creates the executor of a host.
   *
   * @param patience how long a run goes on trying whose server gives no usable answer
   * @param exitCodes the exit code that {@code heartbeat run} has for a failure
   */
  public HeartbeatExecutor(
      Heartbeat heartbeat, EventLoopPool eventLoops, Redactor redactor, Clock clock, Duration patience,
      ToIntFunction<Throwable> exitCodes) {
    this.heartbeat = heartbeat;
    this.eventLoops = eventLoops;
    this.redactor = redactor;
    this.clock = clock;
    this.retry = new HeartbeatRetry(patience, clock);
    this.exitCodes = exitCodes;
  }

  /** Never fails: a failed heartbeat is a run result too. Called and completed on the host's event loop. */
  Future<RunResult> execute(HostedRun run, Context loop) {
    HostedAgent agent = run.agent();
    WakeRequest request = new WakeRequest(
        agent.server().url(), run.token(), run.identity().id(), run.identity().company(), run.id(), wakeFacts(run),
        List.of()).withRun(run.serverRun());
    List<ProviderUsage> usage = new CopyOnWriteArrayList<>();
    AgentSetup setup = agent.setup(
        run.identity(), run.isOurs(),
        run.channel().reportsUsage()
            ? new UsageDestination.Callback(usage::add, () -> !run.isDeserted())
            : new UsageDestination.CostEvents(),
        run.detachment());
    return agent.awaitAvailable()
        .compose(free -> retry.whileServerFails(run, loop, () -> eventLoops.runOnAgentLoop(agent.name(), loop,
            () -> heartbeat.run(agent.server().writingWhile(run.isOurs()), request, setup, run.cancellation()))))
        .map(this::toResult).otherwise(this::toFailure)
        .map(result -> run.wasStopped() && result.phase() == RunPhase.COMPLETED ? result.withPhase(RunPhase.CANCELLED)
            : result)
        .map(result -> result.withUsage(usage, run.session()));
  }

  private static WakeFacts wakeFacts(HostedRun run) {
    return run.agent().configuration().workspace()
        .map(own -> workspaceFacts(own.toAbsolutePath().toString()).withFallback(run.facts()))
        .orElse(run.facts());
  }

  private static WakeFacts workspaceFacts(@Nullable String directory) {
    return new WakeFacts(null, null, List.of(), null, List.of(), null, null, null, directory);
  }

  private RunResult toResult(HeartbeatOutcome outcome) {
    Instant now = clock.instant();
    return switch (outcome) {
      case HeartbeatOutcome.Settled settled when settled.settlements().stream()
          .allMatch(HeartbeatExecutor::isAcknowledgement) ->
        RunResult.idle(now);
      case HeartbeatOutcome.Settled settled -> RunResult.completed(settled.summary(), now);
      case HeartbeatOutcome.Idle idle -> RunResult.idle(now);
      case HeartbeatOutcome.RunRequested summoned -> RunResult.idle(now);
    };
  }

  private static boolean isAcknowledgement(Settlement settlement) {
    return settlement instanceof Settlement.Acknowledged;
  }

  private RunResult toFailure(Throwable failure) {
    String words = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    return RunResult.failed(redactor.redact(words), exitCodes.applyAsInt(failure), clock.instant());
  }
}
