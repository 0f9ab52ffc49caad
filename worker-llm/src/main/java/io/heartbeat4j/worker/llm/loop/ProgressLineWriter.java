package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.agent.TextTruncator;
import java.util.function.Consumer;

/** Reports streamed text as progress, line by line. */
final class ProgressLineWriter implements AutoCloseable {

  private static final int WIDTH = 400;

  private final Consumer<String> progress;
  private final StringBuilder line = new StringBuilder();

  ProgressLineWriter(Consumer<String> progress) {
    this.progress = progress;
  }

  void add(String piece) {
    line.append(piece);
    for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
      show(line.substring(0, end));
      line.delete(0, end + 1);
    }
  }

  private void show(String text) {
    if (!text.isBlank()) {
      progress.accept(TextTruncator.cutEnd(text.strip(), WIDTH));
    }
  }

  @Override
  public void close() {
    show(line.toString());
  }
}
