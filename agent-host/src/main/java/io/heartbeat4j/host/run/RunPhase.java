package io.heartbeat4j.host.run;

import java.util.Locale;

/** Where a run stands. */
public enum RunPhase {
  QUEUED,
  RUNNING,
  /** It was asked to stop and is settling. */
  STOPPING,
  COMPLETED,
  FAILED,
  CANCELLED;

  public boolean isOver() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  /** The gateway's word. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
