package io.heartbeat4j.heartbeat;

import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A heartbeat that a {@link HeartbeatRunner} has started. Thread-safe. */
public final class RunningHeartbeat {

  private final Promise<HeartbeatOutcome> outcome = Promise.promise();
  private final CancellationSource cancellation = new CancellationSource();
  private volatile boolean handingOver;
  private volatile @Nullable Thread worker;

  RunningHeartbeat() {}

  /** Completes on the heartbeat's event loop, with a failure as {@link Heartbeat#run} has it. */
  public Future<HeartbeatOutcome> outcome() {
    return outcome.future();
  }

  /**
   * Asks the work to stop; the issue is then settled with the reason.
   *
   * @return false where the issue is being reassigned. The server answers that request only after the process of the run
   *     has ended (contract section 7): nothing is asked, and {@link #outcome} need not be waited for
   */
  public boolean cancel(WorkFailure why) {
    if (!handingOver) {
      cancellation.request(why);
    }
    return !handingOver;
  }

  /** Like {@link #cancel}, and the issue is left to a later heartbeat. */
  boolean postpone(WorkFailure why, Instant until) {
    if (!handingOver) {
      cancellation.postpone(why, until);
    }
    return !handingOver;
  }

  /** Interrupts the worker without a grace period. */
  void kill() {
    Thread working = worker;
    if (working != null) {
      working.interrupt();
    }
    cancellation.request(new WorkFailure(WorkFailure.Kind.CANCELLED, "The run was killed."));
  }

  CancellationSource cancellation() {
    return cancellation;
  }

  /** The same source, which is asked on the thread of the work. */
  WorkerSource tracking(WorkerSource source) {
    return () -> {
      worker = Thread.currentThread();
      return source.worker();
    };
  }

  void markHandingOver() {
    handingOver = true;
  }

  void end(AsyncResult<HeartbeatOutcome> ended) {
    worker = null;
    outcome.handle(ended);
  }
}
