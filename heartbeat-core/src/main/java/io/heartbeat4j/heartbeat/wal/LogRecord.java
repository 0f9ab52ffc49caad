package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record of a log entry: what this run did with the issue, in order. Persisted; the format is {@link
 * LogRecordTypes}.
 */
public sealed interface LogRecord {

  Instant at();

  /** The issue is about to be checked out. The first record, flushed before the request is sent. */
  record CheckoutRequested(Instant at, RunId run, IssueId issue, String label) implements LogRecord {}

  /** What the issue's disposition follows from. Flushed before the first write that follows from it is sent. */
  record OutcomeDecided(Instant at, WorkOutcome outcome) implements LogRecord {}

  /**
   * A write, or the call of the worker, is about to be sent; from here on it may have arrived. Flushed before it is
   * sent.
   *
   * @param text the comment in it, by which it is found again
   */
  record Sending(Instant at, String what, @Nullable String text) implements LogRecord {}

  /** The write was certainly not sent, so that it may be sent again. */
  record NotSent(Instant at, String what) implements LogRecord {}

  /** The server has confirmed a write. */
  record Confirmed(Instant at, String what) implements LogRecord {}
}
