package io.heartbeat4j.embedded.rules;

import java.time.Duration;
import java.time.Instant;

/** The clock and timer of the rules; replaceable, so that simulations control the time. */
public interface TimeScheduler {

  /** The current time; never decreases. */
  Instant now();

  /**
   * Runs the action once after the delay; never inside this call, even when the delay is zero.
   *
   * @return a handle that cancels the action if it has not run yet
   */
  ScheduledAction schedule(Duration delay, Runnable action);

  /** Cancels a scheduled action. */
  @FunctionalInterface
  interface ScheduledAction {
    void cancel();
  }
}
