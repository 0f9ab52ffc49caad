package io.heartbeat4j.worker.shell;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The end of a command's output, within a limit: standard output where there is any, else standard error. Thread-safe.
 */
final class OutputTailBuffer {

  private final int most;
  private final LineTail standard = new LineTail();
  private final LineTail error = new LineTail();
  private int lines;

  OutputTailBuffer(int most) {
    this.most = most;
  }

  /** Adds a line and returns how many there are. */
  synchronized int add(String line, boolean isStandard) {
    (isStandard ? standard : error).add(line);
    return ++lines;
  }

  synchronized String text() {
    String text = standard.text();
    return text.isBlank() ? error.text() : text;
  }

  private final class LineTail {

    private final Deque<String> kept = new ArrayDeque<>();
    private int length;
    private boolean cut;

    void add(String line) {
      String fitting = line.length() > most ? wholeWords(line.substring(line.length() - most)) : line;
      kept.addLast(fitting);
      length += fitting.length() + 1;
      cut |= fitting.length() < line.length();
      while (length > most + 1) {
        length -= kept.removeFirst().length() + 1;
        cut = true;
      }
    }

    /** Half a secret would not be known again: what a cut goes through is left out. */
    private static String wholeWords(String end) {
      int space = end.indexOf(' ');
      return space < 0 ? "" : end.substring(space + 1);
    }

    String text() {
      String text = String.join("\n", kept).strip();
      return cut ? "(earlier output is left out)\n" + text : text;
    }
  }
}
