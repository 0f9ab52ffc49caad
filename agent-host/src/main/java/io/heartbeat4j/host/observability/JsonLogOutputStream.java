package io.heartbeat4j.host.observability;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/**
 * Makes a JSON object of each line that is printed, with the fields of {@link RunEventLogger}: for what the host and
 * its libraries say beside its runs, so that a log collector can parse every line. Thread-safe.
 */
public final class JsonLogOutputStream extends OutputStream {

  private final PrintStream out;
  private final Clock clock;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private JsonLogOutputStream(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /** A stream whose lines go to {@code out} as JSON. */
  public static PrintStream wrap(PrintStream out, Clock clock) {
    return new PrintStream(new JsonLogOutputStream(out, clock), true, UTF_8);
  }

  @Override
  public synchronized void write(int next) {
    if (next != '\n') {
      line.write(next);
      return;
    }
    String text = line.toString(UTF_8).stripTrailing();
    line.reset();
    if (!text.isEmpty()) {
      out.println(RunEventLogger.json(clock.instant(), null, null, null, "log", Map.of("message", text)));
    }
  }
}
