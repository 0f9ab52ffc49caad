package io.heartbeat4j.embedded.rules;

import io.vertx.core.Future;
import java.util.Optional;

/** A run that an adapter has started. */
public interface RunExecution {

  /** The result; completes with a value, never fails, on the thread of the rules. */
  Future<RunExecutionResult> result();

  /**
   * Stops the run: a process gets SIGTERM and, after the grace period, SIGKILL. Completes when the process has ended,
   * or without a process immediately; on the thread of the rules.
   */
  Future<Void> cancel();

  /** Kills the run: a process gets SIGKILL. The result completes afterwards. */
  void kill();

  /** The id of the process, if the run has one and it has started. */
  default Optional<Long> processId() {
    return Optional.empty();
  }
}
