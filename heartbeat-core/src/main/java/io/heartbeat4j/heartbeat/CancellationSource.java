package io.heartbeat4j.heartbeat;

import io.heartbeat4j.worker.Cancellation;
import java.util.ArrayList;
import java.util.List;

/** Asks a heartbeat to stop its work and settle. Thread-safe; asking twice is asking once. */
public final class CancellationSource implements Cancellation {

  private final List<Runnable> actions = new ArrayList<>();
  private String reason = "";
  private boolean requested;

  /** @param why in words for the comment, such as "the server stopped the run" */
  public void request(String why) {
    List<Runnable> due;
    synchronized (this) {
      if (requested) {
        return;
      }
      requested = true;
      reason = why;
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
