package io.heartbeat4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One HTTP request of the launcher's curl, and its answer: lines whose first character says what they are. {@code |} is
 * output, {@code !} error output, {@code =} the exit code, {@code -} why the wake has to run by itself, {@code @} the id
 * of this process. An empty line shows that the process is alive.
 */
final class ResidentConnection {

  private static final int LONGEST_HEAD = 16 * 1024;
  private static final int LONGEST_BODY = 4 * 1024 * 1024;
  private static final int MOST_WAITING_LINES = 10_000;
  private static final int ALIVE_SECONDS = 5;
  private static final String LAST = "";

  private final SocketChannel channel;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  ResidentConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** @param path names what is asked for; the variables are those of the launcher's process */
  record Request(String path, Map<String, String> variables) {}

  Request read() throws IOException {
    InputStream in = Channels.newInputStream(channel);
    String[] first = line(in).split(" ", 3);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String[] parts = header.split(":", 2);
      if (parts.length == 2 && parts[0].toLowerCase(Locale.ROOT).equals("content-length")) {
        length = length(parts[1].strip());
      }
    }
    byte[] body = in.readNBytes(length);
    if (first.length < 2 || body.length < length) {
      throw new IOException("this is not a whole request");
    }
    return new Request(first[1], variables(body));
  }

  private static int length(String text) throws IOException {
    try {
      int length = Integer.parseInt(text);
      if (length >= 0 && length <= LONGEST_BODY) {
        return length;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw new IOException("a body of " + text + " bytes is not read");
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() > LONGEST_HEAD) {
        throw new IOException("this is not HTTP");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** The form of {@code /proc/self/environ}. */
  private static Map<String, String> variables(byte[] environ) {
    Map<String, String> variables = new HashMap<>();
    Pattern.compile("\0").splitAsStream(new String(environ, StandardCharsets.UTF_8)).forEach(entry -> {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
      }
    });
    return variables;
  }

  /** A reader that does not keep up misses lines. */
  void send(char kind, String text) {
    if (lines.size() < MOST_WAITING_LINES) {
      lines.add(kind + text + "\n");
    }
  }

  /** Sends the last line. */
  void end(char kind, String text) {
    lines.add(kind + text + "\n");
    lines.add(LAST);
  }

  /** Writes the lines as they come, until the last one; blocks. */
  void writeLines() throws IOException {
    write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
    while (true) {
      String line;
      try {
        line = lines.poll(ALIVE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
      if (line != null && line.equals(LAST)) {
        return;
      }
      write(line == null ? "\n" : line);
    }
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Blocks until the caller is gone, or {@link #close} was called. */
  void awaitCallersEnd() {
    try {
      while (channel.read(ByteBuffer.allocate(256)) >= 0) {
        // it has nothing more to say
      }
    } catch (IOException gone) {
      // the same
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException closed) {
      // there is nobody to tell
    }
  }
}
