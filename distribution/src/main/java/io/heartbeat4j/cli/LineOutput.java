package io.heartbeat4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands over what is printed line by line. */
final class LineOutput extends OutputStream {

  private final Consumer<String> lines;
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

  private LineOutput(Consumer<String> lines) {
    this.lines = lines;
  }

  static PrintStream to(Consumer<String> lines) {
    return new PrintStream(new LineOutput(lines), true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int value) {
    if (value == '\n') {
      lines.accept(unfinished.toString(StandardCharsets.UTF_8));
      unfinished.reset();
    } else {
      unfinished.write(value);
    }
  }
}
