package io.heartbeat4j.worker.shell;

import java.util.function.Consumer;

/**
 * Splits chunks of text into lines. The end of a line that is too long is left out, so that one line can't fill the
 * memory, and it is cut between words: half a secret would not be known again.
 */
final class LineSplitter {

  private final int longest;
  private final Consumer<String> lines;
  private final StringBuilder line = new StringBuilder();
  private boolean tooLong;
  private boolean afterReturn;

  LineSplitter(int longest, Consumer<String> lines) {
    this.longest = longest;
    this.lines = lines;
  }

  void add(char[] piece, int length) {
    for (int i = 0; i < length; i++) {
      char c = piece[i];
      if (c == '\n' && afterReturn) {
        afterReturn = false;
      } else if (c == '\n' || c == '\r') {
        afterReturn = c == '\r';
        next();
      } else {
        afterReturn = false;
        tooLong |= line.length() == longest;
        if (!tooLong) {
          line.append(c);
        }
      }
    }
  }

  /** The text is complete. */
  void flush() {
    if (!line.isEmpty()) {
      next();
    }
  }

  private void next() {
    lines.accept(tooLong ? wholeWords(line.toString()) + "(the rest of this line is left out)" : line.toString());
    line.setLength(0);
    tooLong = false;
  }

  private static String wholeWords(String cut) {
    int space = cut.lastIndexOf(' ');
    return cut.substring(0, space + 1);
  }
}
