package io.heartbeat4j.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Executes actions now or later and supplies the clock: on a Vert.x context, or on the single thread of a simulation.
 * Everything that waits or reads the time goes through here, so that a test controls both.
 */
public interface Scheduler {

  /** Vert.x's event loops under this clock. */
  static Scheduler of(Vertx vertx, Clock clock) {
    return new VertxScheduler(vertx, clock, null);
  }

  /** The caller's place: what is asked of the result runs there, from whichever thread it is asked. */
  Scheduler onCurrentContext();

  /** Runs the action soon, never inside this call. */
  void execute(Runnable action);

  /** Runs the action once, later. */
  Timer schedule(Duration delay, Runnable action);

  /** Completes once that much time has gone by. */
  default Future<Void> delay(Duration delay) {
    Promise<Void> due = Promise.promise();
    schedule(delay, due::complete);
    return due.future();
  }

  /** Runs what blocks, such as access to files, elsewhere; the answer comes back here. */
  <T> Future<T> executeBlocking(Callable<T> access);

  /** The same result, but what is asked of it runs here, whichever thread it comes from. */
  default <T> Future<T> here(Future<T> result) {
    return result.isComplete()
        ? result
        : Future.future(promise -> result.onComplete(ended -> execute(() -> promise.handle(ended))));
  }

  Clock clock();

  /** Something that is to happen later. */
  @FunctionalInterface
  interface Timer {

    /** Stops it, if it has not happened yet. */
    void cancel();
  }
}
