package io.heartbeat4j.embedded.rules;

import io.vertx.core.Future;
import java.util.Optional;

/** A run in the hands of an adapter. */
public interface RunExecution {

  /** How it ended; completes once, always with a value, on the thread of the rules. */
  Future<RunExecutionResult> result();

  /**
   * Asks it to stop: a process gets SIGTERM and, after its grace, SIGKILL. Completes when the process is
   * gone, or for a target in this JVM as soon as that was told; on the thread of the rules.
   */
  Future<Void> cancel();

  /** Ends it at once, without asking: a process gets SIGKILL. Its outcome follows. */
  void kill();

  /** The process, where the run is one and has started. */
  default Optional<Long> processId() {
    return Optional.empty();
  }
}
