package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.heartbeat.event.EventDispatcher;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Compares this machine's clock with the server's. A wrong one stops nothing: times to wait for are wrong by as much. */
final class ClockCheck {

  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private final Clock clock;
  private final EventDispatcher listeners;

  @Inject
  ClockCheck(Clock clock, EventDispatcher listeners) {
    this.clock = clock;
    this.listeners = listeners;
  }

  /** Tells the listeners by how much the clocks differ, where it is more than a minute. */
  void report(WakeRequest request, AgentSession session) {
    describeDifference(session).ifPresent(difference -> listeners.on(new HeartbeatEvent(
        clock.instant(), request.run(), request.agent(), Step.IDENTITY, HeartbeatEvent.Kind.FAILED, Optional.empty(),
        Optional.empty(), difference)));
  }

  private Optional<String> describeDifference(AgentSession session) {
    Instant here = clock.instant();
    return session.serverTime().filter(there -> Duration.between(there, here).abs().compareTo(TOLERANCE) > 0)
        .map(there -> "this machine's clock is " + words(Duration.between(there, here).abs())
            + (here.isAfter(there) ? " ahead of" : " behind") + " the server's: set it, best by NTP. Until then every"
            + " time that this agent names or waits for is wrong by as much");
  }

  private static String words(Duration difference) {
    return difference.toDays() > 0 ? difference.toDays() + " d " + difference.toHoursPart() + " h"
        : difference.toHours() > 0 ? difference.toHours() + " h " + difference.toMinutesPart() + " min"
            : difference.toMinutes() + " min " + difference.toSecondsPart() + " s";
  }
}
