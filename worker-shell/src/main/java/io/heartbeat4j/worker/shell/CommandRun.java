package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.WorkContext;
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

/** One run of the command: its output as progress, its clocks, and the end of its whole process tree. */
final class CommandRun {

  /** How the command ended. */
  enum How {
    EXITED,
    TIMED_OUT,
    FELL_SILENT,
    CANCELLED
  }

  /** The end of a run; {@code exitCode} means something after {@link How#EXITED} only. */
  record Ended(How how, int exitCode, String output) {}

  private static final int LONGEST_LINE = 16_000;
  private static final int LONGEST_EVENT = 4 * 1024 * 1024;
  private static final long TICK_MILLIS = 100;
  private static final int TICKS_A_LOOK = 5;

  private final ShellSettings settings;
  private final WorkContext context;
  private final Consumer<String> standard;
  private final Output output;
  private final AtomicLong lastOutput = new AtomicLong(System.nanoTime());

  /** @param standard is told the lines of standard output */
  CommandRun(ShellSettings settings, WorkContext context, Consumer<String> standard) {
    this.settings = settings;
    this.context = context;
    this.standard = standard;
    this.output = new Output(settings.maxOutput());
  }

  Ended run(Path workspace, Map<String, String> variables, byte[] input) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(settings.commandLine()).directory(workspace.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process;
    try {
      process = builder.start();
    } catch (IOException notStarted) {
      throw new IOException("the command " + settings.commandLine().get(0) + " can't be started in " + workspace + ": "
          + notStarted.getMessage() + "; check the setting 'command'", notStarted);
    }
    ProcessTree tree = new ProcessTree(process, ShellWorker.RESULT_FILE + "=" + variables.get(ShellWorker.RESULT_FILE));
    List<Thread> readers = List.of(
        Thread.startVirtualThread(() -> read(process.getInputStream(), true)),
        Thread.startVirtualThread(() -> read(process.getErrorStream(), false)));
    Thread.startVirtualThread(() -> write(process.getOutputStream(), input));
    try {
      How how = await(process, tree);
      if (how != How.EXITED || !areDone(readers)) {
        tree.search(); // who still holds the output has outlived its parent
      }
      tree.end(settings.grace());
      areDone(readers);
      return new Ended(how, how == How.EXITED ? process.exitValue() : -1, output.text());
    } catch (InterruptedException stopped) {
      tree.search();
      tree.end(settings.grace());
      throw stopped;
    }
  }

  private static boolean areDone(List<Thread> readers) throws InterruptedException {
    boolean done = true;
    for (Thread reader : readers) {
      done &= reader.join(Duration.ofMillis(500));
    }
    return done;
  }

  private How await(Process process, ProcessTree tree) throws InterruptedException {
    long began = System.nanoTime();
    for (int tick = 0; true; tick++) {
      if (tick % TICKS_A_LOOK == 0) {
        tree.look();
      }
      if (process.waitFor(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        return How.EXITED;
      }
      if (context.cancellation().isRequested()) {
        return How.CANCELLED;
      }
      if (isOver(settings.timeout(), began)) {
        return How.TIMED_OUT;
      }
      if (isOver(settings.noOutputTimeout(), lastOutput.get())) {
        return How.FELL_SILENT;
      }
    }
  }

  private static boolean isOver(Duration limit, long since) {
    return !limit.isZero() && System.nanoTime() - since > limit.toNanos();
  }

  private void read(InputStream stream, boolean isResult) {
    Lines lines = new Lines(isResult && settings.output() != OutputFormat.TEXT ? LONGEST_EVENT : LONGEST_LINE, line -> show(line, isResult));
    char[] piece = new char[8_192];
    try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      for (int length = reader.read(piece); length >= 0; length = reader.read(piece)) {
        lastOutput.set(System.nanoTime());
        lines.add(piece, length);
      }
    } catch (IOException closed) {
      // the process is gone, and its pipe with it
    }
    lines.end();
  }

  private void show(String line, boolean isResult) {
    int number = output.add(line, isResult);
    if (isResult && settings.output() != OutputFormat.TEXT) {
      standard.accept(line); // the last events are what matters
    } else if (number <= settings.maxProgressLines()) {
      context.progress(line);
    } else if (number == settings.maxProgressLines() + 1) {
      context.progress("(more output is not shown)");
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
