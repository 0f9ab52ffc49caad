package io.heartbeat4j.heartbeat;

import java.time.Duration;

/**
 * How long work may take.
 *
 * @param total from the worker's start to its result; zero means no limit
 * @param silence without a sign of life; zero means no limit
 * @param grace between the request to stop and the interruption
 */
public record WorkLimits(Duration total, Duration silence, Duration grace) {

  public static final WorkLimits DEFAULT = new WorkLimits(Duration.ofHours(2), Duration.ZERO, Duration.ofSeconds(5));

  public WorkLimits {
    if (total.isNegative() || silence.isNegative() || grace.isNegative()) {
      throw new IllegalArgumentException("a time limit counts from 0 up");
    }
  }
}
