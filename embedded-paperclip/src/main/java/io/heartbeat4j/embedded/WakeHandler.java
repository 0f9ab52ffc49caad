package io.heartbeat4j.embedded;

import io.vertx.core.Future;

/** An agent in this JVM. */
@FunctionalInterface
public interface WakeHandler {

  /**
   * Handles the wake of one run. Called on a virtual thread per run, so it may block.
   *
   * @return the exit code of the run, zero for success; a failed future is exit code 1
   */
  Future<Integer> handle(InProcessWake wake);
}
