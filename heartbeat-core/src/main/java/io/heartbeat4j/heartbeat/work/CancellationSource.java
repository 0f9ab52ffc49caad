package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.worker.CancellationToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests a heartbeat to stop its work and settle. Thread-safe; only the first request counts. */
public final class CancellationSource implements CancellationToken {

  private final List<Runnable> actions = new ArrayList<>();
  private String reason = "";
  private Optional<Instant> until = Optional.empty();
  private boolean requested;

  /**
   * Requests a stop.
   *
   * @param why in words for the comment, such as "the server stopped the run"
   */
  public void request(String why) {
    request(why, Optional.empty());
  }

  /** Requests a stop that leaves the issue to a later heartbeat instead of reporting failed work. */
  public void postpone(String why, Instant at) {
    request(why, Optional.of(at));
  }

  private void request(String why, Optional<Instant> at) {
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

  public synchronized String reason() {
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
}
