package io.heartbeat4j.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Asynchronous semaphore: bounds concurrent requests of one kind; the others wait in FIFO order. A server
 * that is given some twenty assigned issues at once was seen never to answer again; eight at once did it no harm
 * (docs/host.md). Thread-safe; a request that has waited is sent on its own loop.
 */
final class AsyncSemaphore {

  private final int permits;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int acquired;

  AsyncSemaphore(int most) {
    this.permits = most;
  }

  <T> Future<T> withPermit(Scheduler here, Supplier<Future<T>> request) {
    Promise<T> answer = Promise.promise();
    Runnable sending = () -> request.get().onComplete(answer).onComplete(over -> release());
    synchronized (this) {
      if (acquired == permits) {
        waiting.add(() -> here.execute(sending));
        return answer.future();
      }
      acquired++;
    }
    sending.run();
    return answer.future();
  }

  private void release() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        acquired--;
        return;
      }
    }
    next.run();
  }
}
