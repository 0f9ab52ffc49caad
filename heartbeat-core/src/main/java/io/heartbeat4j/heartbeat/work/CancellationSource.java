package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.worker.CancellationToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests a heartbeat to stop its work and settle. Thread-safe; only the first request counts. */
public final class CancellationSource implements CancellationToken {

  private final List<Runnable> actions = new ArrayList<>();
  private WorkFailure reason = new WorkFailure(WorkFailure.Kind.CANCELLED, "");
  private Optional<Instant> until = Optional.empty();
  private boolean requested;

  /**
   * Requests a stop.
   *
   * @param why goes into the comment; {@link WorkFailure.Kind#CANCELLED} where the server has to be asked for the
   *     reason
   */
  public void request(WorkFailure why) {
    request(why, Optional.empty());
  }

  /** Requests a stop that leaves the issue to a later heartbeat instead of reporting failed work. */
  public void postpone(WorkFailure why, Instant at) {
    request(why, Optional.of(at));
  }

  private void request(WorkFailure why, Optional<Instant> at) {
    List<Runnable> due;
    synchronized (this) {
      if (requested) {
        return;
      }
      requested = true;
      reason = why;
      until = at;
      due = List.copyOf(actions);
    }
    due.forEach(Runnable::run);
  }

  @Override
  public synchronized boolean isRequested() {
    return requested;
  }

  public synchronized WorkFailure reason() {
    return reason;
  }

  /** When the work goes on, where it is not given up but put off. */
  public synchronized Optional<Instant> postponedTo() {
    return until;
  }

  @Override
  public void onRequested(Runnable action) {
    synchronized (this) {
      if (!requested) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /**
   * Forgets what was to be done: the work that it would stop has ended. A plugin's action would keep the plugin's classes
   * for as long as the run is remembered.
   */
  public synchronized void forgetActions() {
    actions.clear();
  }
}
