package io.heartbeat4j.worker.acp.rpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads a stream by lines. Of a line that is too long only the length is kept, so that no line fills the memory. */
final class BoundedLineReader {

  /**
   * A line without its end.
   *
   * @param text empty where the line is too long
   * @param length in bytes
   */
  record Line(String text, long length, boolean isTooLong) {}

  private final InputStream stream;
  private final int longest;
  private final byte[] piece = new byte[16 * 1024];
  private int at;
  private int end;

  BoundedLineReader(InputStream stream, int longest) {
    this.stream = stream;
    this.longest = longest;
  }

  /** The next line without its end; empty at the end of the stream. */
  Optional<Line> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    long length = 0;
    while (true) {
      if (at == end) {
        at = 0;
        end = stream.read(piece);
        if (end < 0) {
          end = 0;
          return length == 0 ? Optional.empty() : Optional.of(line(line, length));
        }
      }
      int from = at;
      while (at < end && piece[at] != '\n') {
        at++;
      }
      length += at - from;
      if (length <= longest) {
        line.write(piece, from, at - from);
      } else {
        line = new ByteArrayOutputStream(0);
      }
      if (at < end) {
        at++;
        return Optional.of(line(line, length));
      }
    }
  }

  private Line line(ByteArrayOutputStream line, long length) {
    return new Line(line.toString(StandardCharsets.UTF_8), length, length > longest);
  }
}
