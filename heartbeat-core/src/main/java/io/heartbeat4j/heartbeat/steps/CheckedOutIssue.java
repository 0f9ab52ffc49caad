package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Issue;
import io.vertx.core.Future;
import java.util.List;

/**
 * An issue that this run holds, and what the journal knows of it.
 *
 * @param entry the one that the writes are noted in, and whose run their keys are made of: an earlier run's, where its
 *     decision is delivered
 * @param also other entries of the same issue that are cleared with it
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

  /** The issue is settled: nothing of it has to be remembered. */
  public Future<Void> deleteEntries() {
    return LogEntry.deleteAll(earlierEntries).compose(cleared -> entry.delete());
  }
}
