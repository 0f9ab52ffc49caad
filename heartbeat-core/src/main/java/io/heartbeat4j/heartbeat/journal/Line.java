package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of an entry: what happened to a held issue, in the order in which it did. */
public sealed interface Line {

  Instant at();

  /** The issue is about to be checked out. The first line, on disk before the request is sent. */
  record Taken(Instant at, RunId run, IssueId issue, String label) implements Line {}

  /** How the issue is to be left. On disk before the first write of it is sent, with that write's own line or by itself. */
  record Decided(Instant at, Decision decision) implements Line {}

  /**
   * A write is about to be sent: nobody knows from here on whether it arrived. On disk before it is.
   *
   * @param text the comment in it, by which it is found again
   */
  record Sending(Instant at, String what, @Nullable String text) implements Line {}

  /** The write was certainly not sent, so that it may be sent again. */
  record NotSent(Instant at, String what) implements Line {}

  /** The server has confirmed a write. */
  record Confirmed(Instant at, String what) implements Line {}
}
