package io.heartbeat4j.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Lets few requests of a kind out at the same moment; the others follow in the order in which they came. A server
 * that is given some twenty assigned issues at once was seen never to answer again; eight at once did it no harm
 * (docs/host.md). Thread-safe; a request that has waited is sent on its own loop.
 */
final class FewAtOnce {

  private final int most;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int out;

  FewAtOnce(int most) {
    this.most = most;
  }

  <T> Future<T> send(Loop here, Supplier<Future<T>> request) {
    Promise<T> answer = Promise.promise();
    Runnable sending = () -> request.get().onComplete(answer).onComplete(over -> next());
    synchronized (this) {
      if (out == most) {
        waiting.add(() -> here.run(sending));
        return answer.future();
      }
      out++;
    }
    sending.run();
    return answer.future();
  }

  private void next() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        out--;
        return;
      }
    }
    next.run();
  }
}
