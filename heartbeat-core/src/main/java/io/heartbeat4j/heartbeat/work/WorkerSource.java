package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.worker.Worker;

/**
 * Where a heartbeat gets its worker, asked for only when there is an issue to work: an idle heartbeat loads no plugin.
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
   * No heartbeat that starts from now on asks for the worker; those that go on may still. What it holds is freed when the
   * last of them has let it go. Blocks.
   */
  default void retire() {}
}
