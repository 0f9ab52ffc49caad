package io.heartbeat4j.testkit;

import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A heartbeat that has ended.
 *
 * @param reason why the server woke the agent
 * @param timeline the events of its steps, in order
 * @param requests what it asked of the server, in order
 */
public record CompletedHeartbeat(String reason, List<HeartbeatEvent> timeline, List<RecordedRequest> requests,
    HeartbeatOutcome outcome) {

  public CompletedHeartbeat {
    timeline = List.copyOf(timeline);
    requests = List.copyOf(requests);
  }

  /** Its steps and requests as text, for the message of a failed test. */
  @Override
  public String toString() {
    return "heartbeat (" + reason + "): " + outcome.summary() + "\n" + describe(timeline, requests);
  }

  static String describe(List<HeartbeatEvent> timeline, List<RecordedRequest> requests) {
    return timeline.stream()
        .map(event -> "  " + event.step().number() + " " + event.step().title() + ": " + event.kind() + " "
            + event.message() + "\n")
        .collect(Collectors.joining())
        + requests.stream()
            .map(request -> "  " + request.method() + " " + request.target() + " -> " + request.status() + "\n")
            .collect(Collectors.joining());
  }
}
