package io.heartbeat4j.host.run;

import io.heartbeat4j.storage.StorageSession;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Counts how often this host has lost its claims, so that work from before a loss is recognised: at once, also where the
 * process was suspended and nothing has found out yet. Thread-safe.
 */
final class ClaimEpoch {

  private final StorageSession storage;
  private final AtomicLong losses = new AtomicLong();

  ClaimEpoch(StorageSession storage) {
    this.storage = storage;
    storage.onClaimsLost(losses::incrementAndGet);
  }

  /** Whether no claims were lost since this call; false for ever once they were. */
  BooleanSupplier unchangedSinceNow() {
    long now = losses.get();
    return () -> storage.holdsClaims() && losses.get() == now; // in this order: new claims are made after the count
  }
}
