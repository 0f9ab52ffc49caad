package io.heartbeat4j.embedded.rules;

import java.util.Locale;

/** Where a run stands. */
enum RunStatus {
  QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED, TIMED_OUT;

  boolean isLive() {
    return this == QUEUED || this == RUNNING;
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
