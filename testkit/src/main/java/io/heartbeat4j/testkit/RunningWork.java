package io.heartbeat4j.testkit;

import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.heartbeat.RunningHeartbeat;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.work.WorkerThreadStarter;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The work of one heartbeat: its thread, and the request to stop it. */
final class RunningWork implements WorkerThreadStarter {

  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable RunningHeartbeat heartbeat;
  private volatile @Nullable Thread thread;
  private volatile boolean interruptedByRuntime;
  private volatile boolean interruptedAtEnd;

  @Override
  public RunningWorker start(String name, Runnable work) {
    Thread started = Thread.ofVirtual().name(name).start(() -> {
      work.run();
      interruptedAtEnd = Thread.currentThread().isInterrupted();
      ended.countDown();
    });
    thread = started;
    return () -> {
      interruptedByRuntime = true;
      started.interrupt();
    };
  }

  /** Starts the heartbeat whose work this is. */
  synchronized RunningHeartbeat begin(HeartbeatRunner runner, WakeRequest request) {
    heartbeat = runner.start(request);
    return heartbeat;
  }

  /** Asks the work to stop, as a host does that shuts down. */
  synchronized void cancel() {
    Objects.requireNonNull(heartbeat, "the work has begun")
        .cancel(new WorkFailure(WorkFailure.Kind.CANCELLED, "The test stopped the run."));
  }

  /** Interrupts the work without asking it first. */
  void interrupt() {
    Thread working = thread;
    if (working != null) {
      working.interrupt();
    }
  }

  /** Whether the worker returned within the time that a test waits. */
  boolean awaitEnd() throws InterruptedException {
    return ended.await(TestCompany.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Whether the grace period went by before the worker had returned. */
  boolean isInterruptedByRuntime() {
    return interruptedByRuntime;
  }

  /** Whether the thread was marked as interrupted when the worker had returned. */
  boolean isInterruptedAtEnd() {
    return interruptedAtEnd;
  }
}
