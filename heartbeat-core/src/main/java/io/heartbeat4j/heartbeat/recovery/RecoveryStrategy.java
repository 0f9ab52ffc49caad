package io.heartbeat4j.heartbeat.recovery;

import io.heartbeat4j.heartbeat.steps.HeartbeatContext;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Issue;
import io.vertx.core.Future;
import java.util.List;

/** How recovery gets write access to an issue whose disposition is still to be written. */
@FunctionalInterface
interface RecoveryStrategy {

  /**
   * Recovers one issue.
   *
   * @param entries the claimed log entries of the issue, those with an outcome first; never empty
   */
  Future<RecoveryResult> recover(HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries);
}
