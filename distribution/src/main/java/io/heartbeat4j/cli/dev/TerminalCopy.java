package io.heartbeat4j.cli.dev;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Passes on what is written to a stream, and each line of it to a listener as well. */
final class TerminalCopy extends OutputStream {

  private static final int MAX_LINE = 16_000;

  private final PrintStream terminal;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private TerminalCopy(PrintStream terminal, Consumer<String> lines) {
    this.terminal = terminal;
    this.lines = lines;
  }

  static PrintStream of(PrintStream terminal, Consumer<String> lines) {
    return new PrintStream(new TerminalCopy(terminal, lines), true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int octet) {
    terminal.write(octet);
    if (octet != '\n') {
      line.write(octet);
    }
    if (octet == '\n' || line.size() == MAX_LINE) {
      lines.accept(line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }

  @Override
  public synchronized void write(byte[] octets, int from, int count) {
    for (int i = from; i < from + count; i++) {
      write(octets[i]);
    }
  }

  @Override
  public void flush() throws IOException {
    terminal.flush();
  }
}
