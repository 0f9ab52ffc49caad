package io.heartbeat4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is shipped, run as a process with just these variables, as Paperclip's process adapter does. */
final class DistributionProcess {

  static final Path HOME = Path.of(System.getProperty("heartbeat.home"));

  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** How a process ended. */
  record ProcessResult(int code, String out, String err) {

    List<String> errorLines() {
      return err.lines().toList();
    }
  }

  private DistributionProcess() {}

  static ProcessResult heartbeat(Map<String, String> environment, String... arguments) {
    return run(HOME.resolve("bin/heartbeat"), environment, arguments);
  }

  static ProcessResult run(Path command, Map<String, String> environment, String... arguments) {
    return run(command, LIMIT, environment, arguments);
  }

  static ProcessResult run(Path command, Duration limit, Map<String, String> environment, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("out", ".txt");
      Path err = Files.createTempFile("err", ".txt");
      ProcessBuilder builder = new ProcessBuilder(line)
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(line + " did not end; it said: " + read(out) + read(err));
      }
      return new ProcessResult(process.exitValue(), read(out), read(err));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static String read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Files.delete(file);
    return text;
  }
}
