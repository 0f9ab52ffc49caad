package io.heartbeat4j.worker.agent.command;

import java.util.function.Consumer;

/** The first lines of a text, each cut, so that a text without an end of a line can't fill the memory. */
final class ProgressLines {

  private static final int MOST = 200;
  private static final int WIDTH = 400;

  private final Consumer<String> progress;
  private final StringBuilder line = new StringBuilder();
  private boolean tooLong;
  private int lines;

  ProgressLines(Consumer<String> progress) {
    this.progress = progress;
  }

  void add(char[] piece, int length) {
    for (int i = 0; i < length && lines <= MOST; i++) {
      if (piece[i] == '\n') {
        next();
      } else if (line.length() < WIDTH) {
        line.append(piece[i]);
      } else {
        tooLong = true;
      }
    }
  }

  private void next() {
    progress.accept(lines++ < MOST ? line + (tooLong ? "..." : "") : "(more output is not shown)");
    line.setLength(0);
    tooLong = false;
  }
}
