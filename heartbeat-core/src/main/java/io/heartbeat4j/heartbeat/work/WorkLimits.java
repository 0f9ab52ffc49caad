package io.heartbeat4j.heartbeat.work;

import java.time.Duration;

/**
 * What the work of an agent may take: time in step 7, and subtasks.
 *
 * @param total from the worker's start to its result; zero means no limit
 * @param silence without a sign of life; zero means no limit
 * @param grace between the request to stop and the interruption
 * @param startUp from the start to the first sign of life; zero means no limit
 */
public record WorkLimits(
    Duration total, Duration silence, Duration grace, Duration startUp, DelegationLimits delegation) {

  public static final WorkLimits DEFAULT = new WorkLimits(Duration.ofHours(2), Duration.ZERO, Duration.ofSeconds(5));

  /** Without a limit for the start, and with the default limits for subtasks. */
  public WorkLimits(Duration total, Duration silence, Duration grace) {
    this(total, silence, grace, Duration.ZERO);
  }

  /** With the default limits for subtasks. */
  public WorkLimits(Duration total, Duration silence, Duration grace, Duration startUp) {
    this(total, silence, grace, startUp, DelegationLimits.DEFAULT);
  }

  public WorkLimits {
    if (startUp.isNegative() || total.isNegative() || silence.isNegative() || grace.isNegative()) {
      throw new IllegalArgumentException("a time limit counts from 0 up");
    }
  }
}
