package io.heartbeat4j.embedded;

import java.time.Duration;
import java.util.Map;

/** The effect of a fault on a request. */
sealed interface FaultAction {

  record DropRequest() implements FaultAction {}

  record DropResponse() implements FaultAction {}

  record Delay(Duration delay) implements FaultAction {}

  record Respond(boolean processed, int status, Map<String, String> headers, String body) implements FaultAction {}

  record Truncate(int bytes) implements FaultAction {}

  record Oversize(int bytes) implements FaultAction {}
}
