package io.heartbeat4j.worker.agent.command;

import io.heartbeat4j.worker.process.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run of a program: its output within a limit, its time within another, and the end of all that it started. */
final class CommandProcess {

  /** The end of a run. */
  record Result(boolean inTime, int exitCode, String output) {}

  private static final String MARKER = "HEARTBEAT_COMMAND";
  private static final long TICK_MILLIS = 50;
  private static final int TICKS_A_LOOK = 4;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final List<String> line;
  private final Path directory;
  private final Map<String, String> variables;
  private final Consumer<String> progress;
  private final HeadTailBuffer output;

  CommandProcess(List<String> line, Path directory, Map<String, String> variables, int mostOutput,
      Consumer<String> progress) {
    this.line = line;
    this.directory = directory;
    this.variables = variables;
    this.progress = progress;
    this.output = new HeadTailBuffer(mostOutput);
  }

  /**
   * Runs the program.
   *
   * @param id no other command that runs at the same time has it
   * @param stop whether the work should stop
   */
  Result run(String id, Duration limit, BooleanSupplier stop) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(variables);
    builder.environment().put(MARKER, id);
    Process process = builder.start();
    ProcessTree tree = new ProcessTree(process, MARKER + "=" + id);
    process.getOutputStream().close();
    Thread reader = Thread.startVirtualThread(() -> read(process.getInputStream()));
    try {
      boolean exited = await(process, tree, limit, stop);
      int code = exited ? process.exitValue() : -1;
      tree.terminate(GRACE);
      reader.join(GRACE);
      return new Result(exited, code, output.text());
    } catch (InterruptedException stopped) {
      tree.terminate(GRACE);
      throw stopped;
    }
  }

  private boolean await(Process process, ProcessTree tree, Duration limit, BooleanSupplier stop)
      throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    for (int tick = 0; true; tick++) {
      if (tick % TICKS_A_LOOK == 0) {
        tree.recordDescendants();
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
