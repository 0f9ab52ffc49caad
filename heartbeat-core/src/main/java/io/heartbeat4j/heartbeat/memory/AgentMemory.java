package io.heartbeat4j.heartbeat.memory;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.storage.Storage;
import java.nio.file.Path;

/**
 * Persistent memory of one agent. Blocks; never called on an event loop. A failure is warned of once and then ignored.
 */
public interface AgentMemory {

  /** The memory of the issue; {@link IssueMemory#NONE} where there is none. */
  StoredMemory read(IssueId issue);

  /** Appends the new memory of the issue; answers what a read would answer from now on. */
  StoredMemory append(IssueId issue, StoredMemory before, IssueMemory now);

  /**
   * A directory that is kept for the worker of this agent and issue; made if missing.
   *
   * @throws java.io.UncheckedIOException if it can't be made
   */
  Path workerDirectory(IssueId issue);

  /** The agent's files, for the write-ahead log. */
  Storage storage();

  /** The directory of those files. */
  Path directory();

  /** Warns that something can't be persisted; shown once. */
  void warn(String message);
}
