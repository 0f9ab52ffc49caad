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

  /** The port of the host under test: the server's http adapter may call it. */
  static int hostPort() {
    return Started.HOST_PORT;
  }

  private static final class Started {
    static final int HOST_PORT = Integer.getInteger("paperclip.host.port", 18_787);
    static final String URL = start(HOST_PORT);
  }

  private static String start(int hostPort) {
    String given = System.getProperty("paperclip.url", "");
    if (!given.isBlank()) {
      return given;
    }
    try {
      script(hostPort, "install");
      Path directory = Files.createTempDirectory("paperclip-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> script(hostPort, "clean", directory.toString())));
      return script(hostPort, "start", directory.toString()).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String script(int hostPort, String... arguments) {
    try {
      Path out = Files.createTempFile("paperclip-script", ".out");
      ProcessBuilder script = new ProcessBuilder(
              java.util.stream.Stream.concat(
                  List.of("sh", System.getProperty("paperclip.script")).stream(), List.of(arguments).stream()).toList())
          .redirectOutput(out.toFile())
          .redirectError(ProcessBuilder.Redirect.INHERIT);
      script.environment().put("PAPERCLIP_HTTP_ADAPTER_PRIVATE_ENDPOINT_ALLOWLIST", "http://127.0.0.1:" + hostPort);
      Process process = script.start();
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
