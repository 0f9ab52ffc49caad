package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Issue;
import io.vertx.core.Future;
import java.util.List;

/**
 * An issue that this run has checked out, with its log entries.
 *
 * @param entry records the writes, and its run is part of their keys: an earlier run's entry where that run's outcome
 *     is written
 * @param earlierEntries entries of earlier runs of the same issue, deleted with it
 */
public record CheckedOutIssue(IssueLease lease, LogEntry entry, List<LogEntry> earlierEntries) {

  public CheckedOutIssue {
    earlierEntries = List.copyOf(earlierEntries);
  }

  public Issue issue() {
    return lease.issue();
  }

  /** The key of a write: the same for the same write, whichever run sends it. */
  public String key(String what) {
    return "heartbeat4j:" + entry.run() + ":" + issue().id() + ":" + what;
  }

  /** Deletes the log entries of a settled issue. */
  public Future<Void> deleteEntries() {
    return LogEntry.deleteAll(earlierEntries).compose(cleared -> entry.delete());
  }
}
