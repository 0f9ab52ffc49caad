package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.AgentSession;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Compares this machine's clock with the server's. A wrong one stops nothing: times to wait for are wrong by as much. */
public final class ClockCheck {

  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private final Clock clock;

  @Inject
  public ClockCheck(Clock clock) {
    this.clock = clock;
  }

  /** By how much the clocks differ, in words, where it is more than a minute. */
  public Optional<String> describeDifference(AgentSession session) {
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
