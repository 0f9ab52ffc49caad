package io.heartbeat4j.heartbeat.state;

import io.heartbeat4j.protocol.IssueId;
import java.nio.file.Path;
import java.util.Optional;

/** What one agent remembers of its issues. Blocks; never called on an event loop. */
public interface AgentMemory {

  Optional<Remembered> recall(IssueId issue);

  /** Keeps the disposition, instead of an earlier one of the same issue. Where it can't, it says so once and goes on. */
  void remember(Remembered disposition);

  /**
   * A directory that is kept for the worker of this agent and issue; made if missing.
   *
   * @throws java.io.UncheckedIOException if it can't be made
   */
  Path workerDirectory(IssueId issue);
}
