package io.heartbeat4j.cli.dev;

import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkerThreadStarter;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The ways to end a run from outside. Thread-safe. */
final class DevRun {

  private final CancellationSource cancellation = new CancellationSource();
  private final CountDownLatch ended = new CountDownLatch(1);
  private Optional<WorkerThreadStarter.RunningWorker> working = Optional.empty();
  private Runnable disconnect = () -> {};
  private boolean killed;

  CancellationSource cancellation() {
    return cancellation;
  }

  /** Starts workers as the runtime does, and keeps the thread to interrupt it. */
  WorkerThreadStarter threads() {
    return (name, work) -> {
      WorkerThreadStarter.RunningWorker started = WorkerThreadStarter.virtual().start(name, work);
      synchronized (this) {
        working = Optional.of(started);
      }
      return started;
    };
  }

  /** @param action closes the run's connection to the server */
  synchronized void onKill(Runnable action) {
    disconnect = action;
  }

  void stop(WorkFailure why) {
    cancellation.request(why);
  }

  void kill() {
    synchronized (this) {
      killed = true;
      disconnect.run();
      working.ifPresent(WorkerThreadStarter.RunningWorker::interrupt);
    }
    stop(new WorkFailure(WorkFailure.Kind.CANCELLED, "The run was killed on the page of 'heartbeat dev'."));
  }

  synchronized boolean isKilled() {
    return killed;
  }

  /** The value of the future, for which this thread waits. */
  <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  void end() {
    ended.countDown();
  }

  void awaitEnd(long time, TimeUnit unit) {
    try {
      if (!ended.await(time, unit)) {
        System.err.println("heartbeat: a run was left before its issue could be settled");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
