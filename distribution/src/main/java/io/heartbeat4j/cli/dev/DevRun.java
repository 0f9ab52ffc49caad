package io.heartbeat4j.cli.dev;

import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.heartbeat.RunningHeartbeat;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A heartbeat that has its connections for itself, so that it can be killed alone. Thread-safe. */
final class DevRun {

  private final HeartbeatRunner runner;
  private final RunningHeartbeat heartbeat;
  private volatile boolean killed;

  DevRun(HeartbeatRunner runner, RunningHeartbeat heartbeat) {
    this.runner = runner;
    this.heartbeat = heartbeat;
  }

  void stop(WorkFailure why) {
    heartbeat.cancel(why);
  }

  void kill() {
    killed = true;
    runner.kill();
  }

  boolean isKilled() {
    return killed;
  }

  /** The outcome in one line, for which this thread waits. */
  String await() {
    try {
      return heartbeat.outcome().toCompletionStage().toCompletableFuture().join().summary();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    } finally {
      runner.close();
    }
  }

  void awaitEnd(long time, TimeUnit unit) {
    try {
      heartbeat.outcome().toCompletionStage().toCompletableFuture().get(time, unit);
    } catch (ExecutionException failed) {
      // the run's thread tells it
    } catch (TimeoutException late) {
      System.err.println("heartbeat: a run was left before its issue could be settled");
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
