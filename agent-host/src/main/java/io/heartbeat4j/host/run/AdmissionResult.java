package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a wake at the host's door. */
public sealed interface AdmissionResult {

  /** It runs or waits, or did before: a run is accepted once, however often it is asked for. */
  record Accepted(RunView run) implements AdmissionResult {}

  /** It is not this agent's run, not of its company, or not live. Nothing more is said. */
  record Refused() implements AdmissionResult {}

  /** There is no room for another one. */
  record QueueFull(Duration retryAfter) implements AdmissionResult {}

  /**
   * A run as it is known now.
   *
   * @param live absent where the run ended before the host's last start, or a while ago
   * @param result absent while it is not over
   */
  record RunView(RunId id, String agent, RunPhase phase, @Nullable HostedRun liveRun, @Nullable RunResult result) {

    public static RunView of(HostedRun run) {
      return new RunView(run.id(), run.agent().name(), run.phase(), run, run.completion().isComplete() ? run.completion().result() : null);
    }

    static RunView of(StoredRun run) {
      return new RunView(
          run.run(), run.agent(), run.ending() == null ? RunPhase.QUEUED : run.ending().phase(), null, run.ending());
    }
  }
}
