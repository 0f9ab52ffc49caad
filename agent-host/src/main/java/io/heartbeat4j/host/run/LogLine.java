package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Text of a run's log for a person.
 *
 * @param stream {@code system} for the steps, {@code stdout} for what the worker says, {@code stderr} for failures
 * @param text lines with their ends, or a piece of a long line
 */
public record LogLine(String stream, String text) {

  /** In characters; escaped and with its framing, it is smaller than what {@link RunLog} reads at once. */
  static final int MAX_LENGTH = 8_192;

  /** An event as text; a long one in pieces. */
  static List<LogLine> of(HeartbeatEvent event) {
    String stream = switch (event.kind()) {
      case PROGRESS -> "stdout";
      case FAILED, REFUSED -> "stderr";
      case DONE, SKIPPED, CONFLICT, SESSION, HANDING_OVER -> "system";
    };
    String text = describe(event) + "\n";
    List<LogLine> pieces = new ArrayList<>();
    for (int from = 0; from < text.length();) {
      int to = Math.min(text.length(), from + MAX_LENGTH);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      pieces.add(new LogLine(stream, text.substring(from, to)));
      from = to;
    }
    return pieces;
  }

  /** A step as a line of a log; the worker's own words as they are. */
  public static String describe(HeartbeatEvent event) {
    if (event.kind() == HeartbeatEvent.Kind.PROGRESS) {
      return event.message();
    }
    return event.step().number() + " " + event.step().title()
        + event.issue().map(issue -> " " + issue).orElse("") + ": "
        + (event.kind() == HeartbeatEvent.Kind.SESSION ? "session " : "") + event.message();
  }

  /** One line of JSON. */
  Buffer toJson() {
    return new JsonObject().put("stream", stream).put("text", text).toBuffer().appendByte((byte) '\n');
  }
}
