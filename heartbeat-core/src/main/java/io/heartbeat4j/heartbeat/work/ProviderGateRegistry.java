package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.ProviderUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The gates of model providers' accounts, shared by all agents of a process: after one agent has met a used-up quota,
 * the others do not call that account. Thread-safe.
 */
public final class ProviderGateRegistry {

  /** Work that waits for the same time resumes spread over this interval. */
  private static final Duration SPREAD = Duration.ofSeconds(20);

  private final Clock clock;
  private final RandomGenerator random;
  private final Map<String, Closed> closed = new ConcurrentHashMap<>();

  private record Closed(Instant until, String why) {}

  public ProviderGateRegistry(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public ProviderGate forAccount(String account) {
    return new ProviderGate() {
      @Override
      public void checkOpen() {
        Closed gate = closed.computeIfPresent(account,
            (name, now) -> now.until().isAfter(clock.instant()) ? now : null);
        if (gate != null) {
          throw new ProviderUnavailableException(
              gate.until().plusMillis(random.nextLong(SPREAD.toMillis())), gate.why());
        }
      }

      @Override
      public void closeUntil(Instant until, String why) {
        closed.merge(account, new Closed(until, why), (old, now) -> now.until().isAfter(old.until()) ? now : old);
      }
    };
  }
}
