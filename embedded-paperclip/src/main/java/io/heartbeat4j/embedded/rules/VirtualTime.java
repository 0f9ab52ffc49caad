package io.heartbeat4j.embedded.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that stands still until it is told to go on: for simulations and for tests of what happens later.
 * Not thread-safe.
 */
public final class VirtualTime implements Time {

  private record Planned(Instant at, long order, Runnable action) {}

  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingLong(Planned::order));
  private Instant now;
  private long order;

  /** Stands at this moment. */
  public VirtualTime(Instant start) {
    this.now = start;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Cancellation after(Duration delay, Runnable action) {
    Planned planned = new Planned(now.plus(delay), order++, action);
    plan.add(planned);
    return () -> plan.remove(planned);
  }

  /** Goes on by this much and does all that is due on the way, in order. */
  public void advance(Duration by) {
    Instant end = now.plus(by);
    while (!plan.isEmpty() && !plan.element().at().isAfter(end)) {
      runNext();
    }
    now = end;
  }

  /** Does the next thing that is planned, however far away it is; false when nothing is planned. */
  public boolean runNext() {
    Planned next = plan.poll();
    if (next == null) {
      return false;
    }
    if (next.at().isAfter(now)) {
      now = next.at();
    }
    next.action().run();
    return true;
  }
}
