package io.heartbeat4j.host;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.util.concurrent.CountDownLatch;

/** Its work goes on until the test releases it, or until it is cancelled. */
final class HeldWorker implements Worker {

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Override
  public WorkResult perform(WorkContext context) throws InterruptedException {
    context.run().cancellation().onRequested(() -> {
      cancelled.countDown();
      released.countDown();
    });
    started.countDown();
    released.await();
    if (cancelled.getCount() == 0) {
      throw new InterruptedException("stopped");
    }
    return new WorkResult.Done("Done: " + context.issue().title());
  }

  void awaitStarted() {
    HostFixture.await(started);
  }

  void awaitCancelled() {
    HostFixture.await(cancelled);
  }

  void release() {
    released.countDown();
  }
}
