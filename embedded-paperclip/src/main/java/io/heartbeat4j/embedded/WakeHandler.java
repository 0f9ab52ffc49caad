package io.heartbeat4j.embedded;

import io.vertx.core.Future;

/** An agent that lives in this JVM. */
@FunctionalInterface
public interface WakeHandler {

  /**
   * Called once per run, on a virtual thread of its own; it may block.
   *
   * @return the exit code of the run, where zero is success; a failed future is exit code 1
   */
  Future<Integer> handle(InProcessWake wake);
}
