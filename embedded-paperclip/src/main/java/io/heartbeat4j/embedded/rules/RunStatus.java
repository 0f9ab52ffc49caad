package io.heartbeat4j.embedded.rules;

import java.util.Locale;

/** Where a run stands. */
enum RunStatus {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  TIMED_OUT;

  boolean live() {
    return this == QUEUED || this == RUNNING;
  }

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
