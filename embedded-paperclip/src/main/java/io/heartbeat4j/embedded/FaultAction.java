package io.heartbeat4j.embedded;

import java.time.Duration;
import java.util.Map;

/** What happens to a disturbed request. */
sealed interface FaultAction {

  record Drop() implements FaultAction {}

  record LoseAnswer() implements FaultAction {}

  record Delay(Duration delay) implements FaultAction {}

  record Answer(boolean processed, int status, Map<String, String> headers, String body) implements FaultAction {}

  record Truncate(int bytes) implements FaultAction {}

  record Oversize(int bytes) implements FaultAction {}
}
