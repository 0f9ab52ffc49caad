package io.heartbeat4j.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Paperclip server: the one that the property {@code paperclip.url} names, else one that is started once. */
final class RealPaperclip {

  private static final long START_SECONDS = 900; // the first time it is downloaded

  private RealPaperclip() {}

  static String url() {
    return Started.URL;
  }

  private static final class Started {
    static final String URL = start();
  }

  private static String start() {
    String given = System.getProperty("paperclip.url", "");
    if (!given.isBlank()) {
      return given;
    }
    try {
      script("install");
      Path directory = Files.createTempDirectory("paperclip-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> script("clean", directory.toString())));
      return script("start", directory.toString()).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String script(String... arguments) {
    try {
      Path out = Files.createTempFile("paperclip-script", ".out");
      Process process = new ProcessBuilder(
              java.util.stream.Stream.concat(
                  List.of("sh", System.getProperty("paperclip.script")).stream(), List.of(arguments).stream()).toList())
          .redirectOutput(out.toFile())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("the real server's script failed: " + List.of(arguments));
      }
      return Files.readString(out);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
