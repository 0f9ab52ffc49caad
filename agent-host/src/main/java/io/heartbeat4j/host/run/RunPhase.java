package io.heartbeat4j.host.run;

import java.util.Locale;

/** The phase of a run. */
public enum RunPhase {
  QUEUED, RUNNING,
  /** It was asked to stop and is settling. */
  STOPPING, COMPLETED, FAILED, CANCELLED;

  public boolean isOver() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  /** The status in the gateway's protocol. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
