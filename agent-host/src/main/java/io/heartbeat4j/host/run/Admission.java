package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a wake at the host's door. */
public sealed interface Admission {

  /** It runs or waits, or did before: a run is accepted once, however often it is asked for. */
  record Accepted(RunView run) implements Admission {}

  /** It is not this agent's run, not of its company, or not live. Nothing more is said. */
  record Refused() implements Admission {}

  /** There is no room for another one. */
  record Full(Duration retryAfter) implements Admission {}

  /**
   * A run as it is known now.
   *
   * @param live absent where the run ended before the host's last start, or a while ago
   * @param ending absent while it is not over
   */
  record RunView(RunId id, String agent, Phase phase, @Nullable HostedRun live, @Nullable Ending ending) {

    public static RunView of(HostedRun run) {
      return new RunView(run.id(), run.agent().name(), run.phase(), run, run.over().isComplete() ? run.over().result() : null);
    }

    static RunView of(StoredRun run) {
      return new RunView(
          run.run(), run.agent(), run.ending() == null ? Phase.QUEUED : run.ending().phase(), null, run.ending());
    }
  }
}
