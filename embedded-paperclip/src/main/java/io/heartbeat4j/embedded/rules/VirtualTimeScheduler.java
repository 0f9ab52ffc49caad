package io.heartbeat4j.embedded.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that stands still until it is told to go on: for simulations and for tests of what happens later.
 * Not thread-safe.
 */
public final class VirtualTimeScheduler implements TimeScheduler {

  private record QueuedAction(Instant dueAt, long sequence, Runnable action) {}

  private final PriorityQueue<QueuedAction> queue = new PriorityQueue<>(
      Comparator.comparing(QueuedAction::dueAt).thenComparingLong(QueuedAction::sequence));
  private Instant now;
  private long nextSequence;

  /** Stands at this moment. */
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

  /** Goes on by this much and does all that is due on the way, in order. */
  public void advance(Duration by) {
    Instant end = now.plus(by);
    while (!queue.isEmpty() && !queue.element().dueAt().isAfter(end)) {
      runNext();
    }
    now = end;
  }

  /** Does the next thing that is planned, however far away it is; false when nothing is planned. */
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
