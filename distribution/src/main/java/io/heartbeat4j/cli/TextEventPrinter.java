package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.event.PlainText;
import java.io.PrintStream;

/** Prints the steps as text: one line per event, when it happens. */
final class TextEventPrinter implements HeartbeatListener {

  private final PrintStream out;
  private final String prefix;

  /** @param prefix printed before every line, to distinguish heartbeats that share a terminal */
  TextEventPrinter(PrintStream out, String prefix) {
    this.out = out;
    this.prefix = prefix;
  }

  @Override
  public void on(HeartbeatEvent event) {
    StringBuilder line = new StringBuilder(prefix)
        .append(event.step().number()).append(' ');
    pad(line, event.step().title(), 19);
    event.issue().ifPresent(issue -> pad(line, issue, 8));
    line.append(switch (event.kind()) {
      case DONE -> "";
      case SKIPPED -> "- ";
      case CONFLICT, REFUSED -> "x ";
      case FAILED -> "! ";
      case PROGRESS -> "| ";
      case SESSION -> "session ";
      case HANDING_OVER -> "> ";
    });
    line.append(PlainText.line(event.message())).append('\n');
    synchronized (out) {
      out.print(line);
      out.flush();
    }
  }

  private static void pad(StringBuilder line, String text, int width) {
    line.append(text).append(" ".repeat(Math.max(1, width - text.length())));
  }
}
