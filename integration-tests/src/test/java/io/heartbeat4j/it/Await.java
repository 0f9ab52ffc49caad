package io.heartbeat4j.it;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what the server does in its own time, up to a limit. */
final class Await {

  /** A restarted server ends some runs whose process is gone five minutes after their last change only. */
  private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("eventually.seconds", 360));

  private Await() {}

  static void until(String what, Supplier<?> shown, BooleanSupplier condition) {
    Instant end = Instant.now().plus(LIMIT);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("waited " + LIMIT.toSeconds() + " s until " + what + "; now: " + shown.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(200);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
    }
  }
}
