package io.heartbeat4j.worker.llm.tool.external;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run of a program: its output within a limit, its time within another, and the end of all that it started. */
final class CommandProcess {

  /** The end of a run. */
  record Result(boolean inTime, int exitCode, String output) {}

  private static final long TICK_MILLIS = 50;
  private static final int TICKS_A_LOOK = 4;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final List<String> line;
  private final Path directory;
  private final Map<String, String> variables;
  private final Consumer<String> progress;
  private final Set<ProcessHandle> started = new HashSet<>();
  private final HeadTailBuffer output;

  CommandProcess(List<String> line, Path directory, Map<String, String> variables, int mostOutput,
      Consumer<String> progress) {
    this.line = line;
    this.directory = directory;
    this.variables = variables;
    this.progress = progress;
    this.output = new HeadTailBuffer(mostOutput);
  }

  /** @param stop whether the work should stop */
  Result run(Duration limit, BooleanSupplier stop) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    Thread reader = Thread.startVirtualThread(() -> read(process.getInputStream()));
    try {
      boolean exited = await(process, limit, stop);
      int code = exited ? process.exitValue() : -1;
      terminate(process);
      reader.join(GRACE);
      return new Result(exited, code, output.text());
    } catch (InterruptedException stopped) {
      terminate(process);
      throw stopped;
    }
  }

  private boolean await(Process process, Duration limit, BooleanSupplier stop) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    for (int tick = 0; true; tick++) {
      if (tick % TICKS_A_LOOK == 0) {
        recordDescendants(process);
      }
      if (process.waitFor(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
      if (stop.getAsBoolean()) {
        throw new InterruptedException("the heartbeat stopped");
      }
      if (System.nanoTime() - until > 0) {
        return false;
      }
    }
  }

  /** Remembers what the program has started: once it has exited, nobody could tell any more. */
  private void recordDescendants(Process process) {
    try (Stream<ProcessHandle> handles = process.descendants()) {
      handles.forEach(started::add);
    }
  }

  private void terminate(Process process) {
    recordDescendants(process);
    List<ProcessHandle> tree = Stream.concat(Stream.of(process.toHandle()), started.stream())
        .filter(ProcessHandle::isAlive)
        .toList();
    tree.forEach(ProcessHandle::destroy);
    long until = System.nanoTime() + GRACE.toNanos();
    while (tree.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - until < 0) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    tree.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }

  private void read(InputStream stream) {
    ProgressLines lines = new ProgressLines(progress);
    try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      char[] piece = new char[8192];
      for (int read = reader.read(piece); read >= 0; read = reader.read(piece)) {
        output.add(piece, read);
        lines.add(piece, read);
      }
    } catch (IOException gone) {
      // the program has ended, and its pipe with it
    }
  }
}
