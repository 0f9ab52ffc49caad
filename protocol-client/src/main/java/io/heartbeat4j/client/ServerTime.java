package io.heartbeat4j.client;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's clock by the Date header of its latest response, whatever that was. Thread-safe. */
final class ServerTime {

  private volatile @Nullable Told latest;

  /** A date and when it came, by {@link System#nanoTime}: this machine's own clock may be the one that is wrong. */
  private record Told(Instant date, long arrived) {}

  void record(ApiResponse response) {
    parse(response).ifPresent(date -> latest = new Told(date, System.nanoTime()));
  }

  /** What the server's clock shows now, but for a second or two; empty where it has not told. */
  Optional<Instant> now() {
    Told told = latest;
    return told == null
        ? Optional.empty()
        : Optional.of(told.date().plus(Duration.ofNanos(System.nanoTime() - told.arrived())));
  }

  static Optional<Instant> parse(ApiResponse response) {
    String date = response.header("date");
    try {
      return date == null
          ? Optional.empty()
          : Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeParseException odd) {
      return Optional.empty();
    }
  }
}
