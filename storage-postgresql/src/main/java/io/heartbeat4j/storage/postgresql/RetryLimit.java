package io.heartbeat4j.storage.postgresql;

import java.time.Duration;
import java.util.function.LongSupplier;

/** For how long a failing operation is tried again. */
final class RetryLimit {

  private final LongSupplier nanoTime;
  private final long start;
  private final Duration atMost;

  RetryLimit(LongSupplier nanoTime, Duration atMost) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.atMost = atMost;
  }

  boolean isOver() {
    return nanoTime.getAsLong() - start > atMost.toNanos();
  }
}
