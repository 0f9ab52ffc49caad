package io.heartbeat4j.storage.postgresql;

import java.time.Duration;

/** Pauses between attempts: 100 ms, doubling to 2 s. */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LAST = Duration.ofSeconds(2);

  private Duration next = FIRST;

  /** The pause; the next one is longer. */
  Duration next() {
    Duration pause = next;
    next = pause.multipliedBy(2).compareTo(LAST) < 0 ? pause.multipliedBy(2) : LAST;
    return pause;
  }
}
