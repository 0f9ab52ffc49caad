package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * A loop that does everything at once, on the caller's thread, so that a journal on files has written when it returns.
 */
public record DirectScheduler(Clock clock) implements Scheduler {

  @Override
  public Scheduler onCurrentContext() {
    return this;
  }

  @Override
  public void execute(Runnable action) {
    action.run();
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    throw new UnsupportedOperationException("a journal waits for nothing");
  }

  @Override
  public <T> Future<T> executeBlocking(Callable<T> access) {
    try {
      return Future.succeededFuture(access.call());
    } catch (Exception failed) {
      return Future.failedFuture(failed);
    }
  }

  /** What is there by now. */
  public static <T> T now(Future<T> future) {
    if (!future.succeeded()) {
      throw new AssertionError("not there", future.cause());
    }
    return future.result();
  }
}
