package io.heartbeat4j.embedded.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The status of an issue. Any status may follow any other. */
enum IssueStatus {
  BACKLOG, TODO, IN_PROGRESS, IN_REVIEW, DONE, BLOCKED, CANCELLED;

  static final List<String> WIRE_NAMES = Arrays.stream(values()).map(IssueStatus::wireName).toList();

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Done or cancelled. */
  boolean isClosed() {
    return this == DONE || this == CANCELLED;
  }

  static Optional<IssueStatus> of(String wire) {
    return Arrays.stream(values()).filter(issueStatus -> issueStatus.wireName().equals(wire)).findFirst();
  }
}
