package io.heartbeat4j.heartbeat.work;

import java.time.Duration;

/**
 * Time limits of step 7.
 *
 * @param total from the worker's start to its result; zero means no limit
 * @param silence without a sign of life; zero means no limit
 * @param grace between the request to stop and the interruption
 * @param startUp from the start to the first sign of life; zero means no limit
 */
public record WorkLimits(Duration total, Duration silence, Duration grace, Duration startUp) {

  public static final WorkLimits DEFAULT = new WorkLimits(Duration.ofHours(2), Duration.ZERO, Duration.ofSeconds(5));

  /** Without a limit for the start. */
  public WorkLimits(Duration total, Duration silence, Duration grace) {
    this(total, silence, grace, Duration.ZERO);
  }

  public WorkLimits {
    if (startUp.isNegative() || total.isNegative() || silence.isNegative() || grace.isNegative()) {
      throw new IllegalArgumentException("a time limit counts from 0 up");
    }
  }
}
