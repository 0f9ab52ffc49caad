package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of admitting a wake. */
public sealed interface AdmissionResult {

  /** The run is accepted, now or by an earlier request: admission is idempotent by run id. */
  record Accepted(RunView run) implements AdmissionResult {}

  /** The run is not this agent's, not of its company, or not live. The answer says no more. */
  record Refused() implements AdmissionResult {}

  /** The queue is full. */
  record QueueFull(Duration retryAfter) implements AdmissionResult {}

  /**
   * A snapshot of a run.
   *
   * @param liveRun absent where the run ended before the host's last start or has been removed from memory
   * @param result absent while the run is not over
   */
  record RunView(RunId id, String agent, RunPhase phase, @Nullable HostedRun liveRun, @Nullable RunResult result) {

    public static RunView of(HostedRun run) {
      return new RunView(run.id(), run.agent().name(), run.phase(), run,
          run.completion().isComplete() ? run.completion().result() : null);
    }

    /** False only where the work has certainly not begun. */
    public boolean isWorkStarted() {
      return liveRun == null || liveRun.isWorkStarted();
    }

    /** Whether it is this host's, or over. */
    boolean canBeFollowed() {
      return liveRun != null || result != null;
    }

    static RunView of(StoredRun run) {
      return new RunView(
          run.run(), run.agent(), run.ending() == null ? RunPhase.QUEUED : run.ending().phase(), null, run.ending());
    }
  }
}
