package io.heartbeat4j.heartbeat.memory;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.storage.Storage;
import java.nio.file.Path;

/** What one agent remembers. Blocks; never called on an event loop. Where it can't, it says so once and goes on. */
public interface AgentMemory {

  /** What is known of the issue; {@link IssueMemory#NONE} where nothing is. */
  StoredMemory read(IssueId issue);

  /** Adds what is known of the issue from now on; what would be read then. */
  StoredMemory append(IssueId issue, StoredMemory before, IssueMemory now);

  /**
   * A directory that is kept for the worker of this agent and issue; made if missing.
   *
   * @throws java.io.UncheckedIOException if it can't be made
   */
  Path workerDirectory(IssueId issue);

  /** The agent's files, for the journal. */
  Storage storage();

  /** Where those files are, if they are anywhere. */
  Path directory();

  /** Says that something can't be kept; shown once. */
  void warn(String message);
}
