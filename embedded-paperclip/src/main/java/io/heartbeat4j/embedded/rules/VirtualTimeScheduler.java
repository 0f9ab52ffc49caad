package io.heartbeat4j.embedded.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A clock that moves only in {@link #advance} and {@link #runNext}, for simulations and for tests of delayed actions.
 * Not thread-safe.
 */
public final class VirtualTimeScheduler implements TimeScheduler {

  private record QueuedAction(Instant dueAt, long sequence, Runnable action) {}

  private final PriorityQueue<QueuedAction> queue = new PriorityQueue<>(
      Comparator.comparing(QueuedAction::dueAt).thenComparingLong(QueuedAction::sequence));
  private volatile Instant now; // read by other threads
  private long nextSequence;

  /** Starts at this time. */
  public VirtualTimeScheduler(Instant start) {
    this.now = start;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public ScheduledAction schedule(Duration delay, Runnable action) {
    QueuedAction queuedAction = new QueuedAction(now.plus(delay), nextSequence++, action);
    queue.add(queuedAction);
    return () -> queue.remove(queuedAction);
  }

  /** Advances the clock and runs all actions that become due, in order. */
  public void advance(Duration by) {
    Instant end = now.plus(by);
    while (!queue.isEmpty() && !queue.element().dueAt().isAfter(end)) {
      runNext();
    }
    now = end;
  }

  /** Advances the clock to the next action and runs it; returns false when no action is scheduled. */
  public boolean runNext() {
    QueuedAction next = queue.poll();
    if (next == null) {
      return false;
    }
    if (next.dueAt().isAfter(now)) {
      now = next.dueAt();
    }
    next.action().run();
    return true;
  }
}
