package io.heartbeat4j.worker;

import org.apiguardian.api.API;

/** Whether the work should stop: asked first, interrupted after a grace period. Thread-safe. */
@API(status = API.Status.STABLE, since = "1.0")
public interface CancellationToken {

  boolean isRequested();

  /**
   * Runs {@code action} when the work should stop, at once if it should already; on another thread, and it must not
   * block.
   */
  void onRequested(Runnable action);

  /**
   * For long loops of a worker.
   *
   * @throws java.util.concurrent.CancellationException if the work should stop
   */
  default void throwIfRequested() {
    if (isRequested()) {
      throw new java.util.concurrent.CancellationException("the heartbeat was cancelled");
    }
  }
}
