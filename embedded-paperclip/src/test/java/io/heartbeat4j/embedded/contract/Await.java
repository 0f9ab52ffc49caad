package io.heartbeat4j.embedded.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what is going to happen, by looking again and again until a deadline. */
final class Await {

  /** A real server sweeps every few seconds, and starts slowly on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final long PAUSE_MILLIS = 15;

  private Await() {}

  static <T> T value(String what, Supplier<Optional<T>> look) {
    Instant deadline = Instant.now().plus(LIMIT);
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("Waited in vain for " + what);
      }
      pause();
    }
  }

  static void until(String what, BooleanSupplier condition) {
    value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", interrupted);
    }
  }
}
