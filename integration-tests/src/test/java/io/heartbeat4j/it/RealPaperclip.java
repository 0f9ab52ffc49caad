package io.heartbeat4j.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * A real Paperclip server for all tests of one JVM: the one that the system property {@code paperclip.url}
 * names, else one that is started once and removed at the end. JUnit calls it before it looks for tests, so
 * that the property is set for the contract suite too.
 */
public final class RealPaperclip implements LauncherSessionListener {

  private static final String URL = "paperclip.url";
  private static final long LIMIT_SECONDS = 900; // the first time the server is downloaded

  private Optional<Path> started = Optional.empty();

  static String url() {
    return System.getProperty(URL);
  }

  /** The port of the host under test: the server's http adapter may call it. */
  static int hostPort() {
    return Integer.getInteger("paperclip.host.port", 18_787);
  }

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (System.getProperty(URL, "").isBlank()) {
      script("install");
      Path directory = temporaryDirectory();
      started = Optional.of(directory);
      // also when the JVM is stopped in the middle
      Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
      System.setProperty(URL, script("start", directory.toString()).strip());
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    stop();
  }

  private synchronized void stop() {
    started.ifPresent(directory -> script("clean", directory.toString()));
    started = Optional.empty();
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("paperclip-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static String script(String... arguments) {
    List<String> command = Stream.concat(Stream.of("sh", System.getProperty("paperclip.script")), Stream.of(arguments))
        .toList();
    try {
      Path out = Files.createTempFile("paperclip-script", ".out");
      ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile());
      // the server looks after what its runs left behind as often as it can be told to
      builder.environment().put("HEARTBEAT_SCHEDULER_INTERVAL_MS", "10000");
      builder.environment().put("SERVE_UI", "true");
      builder.environment().put("PAPERCLIP_HTTP_ADAPTER_PRIVATE_ENDPOINT_ALLOWLIST",
          "http://127.0.0.1:" + hostPort() + ",http://localhost:" + hostPort());
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("the real server's script failed: " + command);
      }
      String printed = Files.readString(out);
      Files.delete(out);
      return printed;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
