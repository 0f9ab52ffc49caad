package io.heartbeat4j.embedded.rules;

import java.time.Duration;
import java.time.Instant;

/** The clock and the timer of the rules. A simulation brings its own and owns time. */
public interface TimeScheduler {

  /** The present moment; never goes back. */
  Instant now();

  /**
   * Runs the action once, later: never inside this call, even when the delay is zero.
   *
   * @return stops the action when it has not run yet
   */
  ScheduledAction schedule(Duration delay, Runnable action);

  /** Stops what was scheduled; does nothing when it has run already. */
  @FunctionalInterface
  interface ScheduledAction {
    void cancel();
  }
}
