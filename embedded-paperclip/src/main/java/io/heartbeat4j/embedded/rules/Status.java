package io.heartbeat4j.embedded.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where an issue stands. There is no table of transitions: any status may follow any. */
enum Status {
  BACKLOG,
  TODO,
  IN_PROGRESS,
  IN_REVIEW,
  DONE,
  BLOCKED,
  CANCELLED;

  static final List<String> WIRE = Arrays.stream(values()).map(Status::wire).toList();

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Done or cancelled. */
  boolean closed() {
    return this == DONE || this == CANCELLED;
  }

  static Optional<Status> of(String wire) {
    return Arrays.stream(values()).filter(status -> status.wire().equals(wire)).findFirst();
  }
}
