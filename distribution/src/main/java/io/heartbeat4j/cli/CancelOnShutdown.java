package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Cancels the work when the JVM is told to end, and keeps the JVM until this is closed or some seconds have passed: what
 * the worker has started ends too, and what was made for it is deleted.
 */
final class CancelOnShutdown implements AutoCloseable {

  private static final int WAIT_SECONDS = 13;

  private final CancellationSource cancellation = new CancellationSource();
  private final CountDownLatch closed = new CountDownLatch(1);

  private CancelOnShutdown() {}

  static CancelOnShutdown register() {
    CancelOnShutdown registered = new CancelOnShutdown();
    Runtime.getRuntime().addShutdownHook(new Thread(registered::cancel, "cancel"));
    return registered;
  }

  CancellationSource cancellation() {
    return cancellation;
  }

  private void cancel() {
    if (closed.getCount() == 0) {
      return;
    }
    cancellation.request(WorkFailure.terminated());
    try {
      closed.await(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
