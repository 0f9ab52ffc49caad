package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.process.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs the command once: reports its output as progress, enforces time limits, and ends its whole process tree. */
final class CommandProcess {

  /** How the command ended. */
  enum Termination {
    EXITED, TIMED_OUT, FELL_SILENT, CANCELLED
  }

  /** The end of a run; {@code exitCode} means something after {@link Termination#EXITED} only. */
  record Result(Termination termination, int exitCode, String output) {}

  private static final int LONGEST_LINE = 16_000;
  private static final int LONGEST_EVENT = 4 * 1024 * 1024;
  private static final long TICK_MILLIS = 100;
  private static final int TICKS_A_LOOK = 5;
  private static final Duration READ_TIMEOUT = Duration.ofMillis(500);

  private final ShellSettings settings;
  private final List<String> line;
  private final WorkContext context;
  private final Consumer<String> stdoutConsumer;
  private final OutputTailBuffer outputTailBuffer;
  private final AtomicLong lastOutput = new AtomicLong(System.nanoTime());

  /**
   * @param line the program and its arguments
   * @param standard is told the lines of standard output
   */
  CommandProcess(ShellSettings settings, List<String> line, WorkContext context, Consumer<String> standard) {
    this.settings = settings;
    this.line = line;
    this.context = context;
    this.stdoutConsumer = standard;
    this.outputTailBuffer = new OutputTailBuffer(settings.maxOutput());
  }

  Result run(Path workspace, Map<String, String> variables, byte[] input) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(workspace.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process;
    try {
      process = builder.start();
    } catch (IOException notStarted) {
      throw new IOException("the command " + line.get(0) + " can't be started in " + workspace + ": "
          + notStarted.getMessage() + "; check the setting 'command'", notStarted);
    }
    ProcessTree tree = new ProcessTree(process, ShellWorker.RESULT_FILE + "=" + variables.get(ShellWorker.RESULT_FILE));
    List<Thread> readers = List.of(
        Thread.startVirtualThread(() -> read(process.getInputStream(), true)),
        Thread.startVirtualThread(() -> read(process.getErrorStream(), false)));
    Thread.startVirtualThread(() -> write(process.getOutputStream(), input));
    try {
      Termination termination = await(process, tree);
      tree.terminate(settings.grace());
      join(readers);
      return new Result(termination, termination == Termination.EXITED ? process.exitValue() : -1,
          outputTailBuffer.text());
    } catch (InterruptedException stopped) {
      tree.terminate(settings.grace());
      throw stopped;
    }
  }

  private static void join(List<Thread> readers) throws InterruptedException {
    for (Thread reader : readers) {
      reader.join(READ_TIMEOUT);
    }
  }

  private Termination await(Process process, ProcessTree tree) throws InterruptedException {
    long began = System.nanoTime();
    for (int tick = 0; true; tick++) {
      if (tick % TICKS_A_LOOK == 0) {
        tree.recordDescendants();
      }
      if (process.waitFor(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        return Termination.EXITED;
      }
      if (context.run().cancellation().isRequested()) {
        return Termination.CANCELLED;
      }
      if (isOver(settings.timeout(), began)) {
        return Termination.TIMED_OUT;
      }
      if (isOver(settings.noOutputTimeout(), lastOutput.get())) {
        return Termination.FELL_SILENT;
      }
    }
  }

  private static boolean isOver(Duration limit, long since) {
    return !limit.isZero() && System.nanoTime() - since > limit.toNanos();
  }

  private void read(InputStream stream, boolean isResult) {
    LineSplitter lineSplitter = new LineSplitter(
        isResult && settings.output() != OutputFormat.TEXT ? LONGEST_EVENT : LONGEST_LINE,
        line -> show(line, isResult));
    char[] piece = new char[8_192];
    try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      for (int length = reader.read(piece); length >= 0; length = reader.read(piece)) {
        lastOutput.set(System.nanoTime());
        lineSplitter.add(piece, length);
      }
    } catch (IOException closed) {
      // the process is gone, and its pipe with it
    }
    lineSplitter.flush();
  }

  private void show(String line, boolean isResult) {
    int number = outputTailBuffer.add(line, isResult);
    if (isResult && settings.output() != OutputFormat.TEXT) {
      stdoutConsumer.accept(line); // the last events are what matters
    } else if (number <= settings.maxProgressLines()) {
      context.run().reportProgress(line);
    } else if (number == settings.maxProgressLines() + 1) {
      context.run().reportProgress("(more output is not shown)");
    }
  }

  /** A command need not read its input. */
  private static void write(OutputStream stream, byte[] input) {
    try (stream) {
      stream.write(input);
    } catch (IOException notRead) {
      // its own choice
    }
  }
}
