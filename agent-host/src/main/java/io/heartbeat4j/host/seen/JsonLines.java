package io.heartbeat4j.host.seen;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes a JSON object of each line that is printed, with the fields of {@link HostLog}: for what the host and its libraries
 * say beside its runs, so that whoever collects the log can read all of it. Thread-safe.
 */
public final class JsonLines extends OutputStream {

  private final PrintStream out;
  private final Clock clock;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private JsonLines(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  public static PrintStream over(PrintStream out, Clock clock) {
    return new PrintStream(new JsonLines(out, clock), true, UTF_8);
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
      out.println(json(text));
    }
  }

  private String json(String text) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", clock.instant().toString());
    fields.put("agent", null);
    fields.put("run", null);
    fields.put("issue", null);
    fields.put("event", "log");
    fields.put("message", text);
    try {
      return ProtocolJson.mapper().writeValueAsString(fields);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
