package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.Scheduler;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Sends a worker's requests on the heartbeat's event loop and waits for the answers on the worker's thread. */
record EventLoopCaller(Scheduler scheduler) {

  /** Blocks the calling thread, which must not be an event loop. */
  <T> T await(Supplier<Future<T>> request) {
    Future<T> response = Future.future(promise -> scheduler.execute(() -> request.get().onComplete(promise)));
    try {
      return response.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}
