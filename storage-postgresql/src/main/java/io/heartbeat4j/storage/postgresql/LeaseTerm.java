package io.heartbeat4j.storage.postgresql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * One registration of this process, until it loses its lease. Its id in each claimed record is the fence: a statement
 * under a claim names it, so that it changes nothing once another process has claimed the record. The deadline is this
 * process' own: it is over before the database's, whose clock and answers it does not need.
 */
final class LeaseTerm {

  private final long id;
  private final LongSupplier nanoTime;

  /** The names claimed under it, and those about to be. */
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private long deadline;
  private boolean lost;

  LeaseTerm(long id, long deadline, LongSupplier nanoTime) {
    this.id = id;
    this.deadline = deadline;
    this.nanoTime = nanoTime;
  }

  /** The session's id in the database. */
  long id() {
    return id;
  }

  synchronized boolean isLive() {
    return !lost && remainingNanos() > 0;
  }

  synchronized long remainingNanos() {
    return deadline - nanoTime.getAsLong();
  }

  /** Moves the deadline; false if it was over before, so that the renewal came too late. */
  synchronized boolean extend(long later) {
    if (!isLive()) {
      return false;
    }
    deadline = later;
    return true;
  }

  /** Ends the term; false if it has ended before. */
  synchronized boolean lose() {
    boolean first = !lost;
    lost = true;
    return first;
  }

  /** Reserves a name within this process; false if it is claimed, or about to be. */
  boolean hold(String name) {
    return held.add(name);
  }

  void free(String name) {
    held.remove(name);
  }
}
