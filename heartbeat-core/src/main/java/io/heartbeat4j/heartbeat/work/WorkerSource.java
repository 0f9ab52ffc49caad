package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.worker.Worker;

/**
 * Supplies a heartbeat with its worker, only when there is an issue to work: an idle heartbeat loads no plugin.
 */
@FunctionalInterface
public interface WorkerSource {

  /**
   * Called on a thread that may block.
   *
   * @throws RuntimeException in words for an operator: what is wrong with the configuration or the plugin. The held
   *     issue is then blocked with them
   */
  Worker worker();

  /**
   * Ends the use of the worker by new heartbeats. It is closed when the last running heartbeat has released it. Blocks.
   */
  default void retire() {}
}
