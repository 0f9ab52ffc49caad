package io.heartbeat4j.embedded.rules;

import java.util.Locale;

/** The status of a run. */
enum RunStatus {
  QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED, TIMED_OUT;

  boolean isLive() {
    return this == QUEUED || this == RUNNING;
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
