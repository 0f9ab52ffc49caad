package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.WorkContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

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

  private static final long TICK_MILLIS = 100;
  private static final int TICKS_A_LOOK = 5;

  private final ShellSettings settings;
  private final WorkContext context;
  private final Consumer<String> standard;
  private final Output output;
  private final Set<ProcessHandle> started = new HashSet<>();
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
    List<Thread> readers = List.of(
        Thread.startVirtualThread(() -> read(process.getInputStream(), true)),
        Thread.startVirtualThread(() -> read(process.getErrorStream(), false)));
    Thread.startVirtualThread(() -> write(process.getOutputStream(), input));
    try {
      How how = await(process);
      end(process);
      for (Thread reader : readers) {
        reader.join(settings.grace());
      }
      return new Ended(how, how == How.EXITED ? process.exitValue() : -1, output.text());
    } catch (InterruptedException stopped) {
      end(process);
      throw stopped;
    }
  }

  private How await(Process process) throws InterruptedException {
    long began = System.nanoTime();
    for (int tick = 0; true; tick++) {
      if (tick % TICKS_A_LOOK == 0) {
        look(process);
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

  /** Remembers what the command has started: once it has exited, nobody could tell any more. */
  private void look(Process process) {
    try (Stream<ProcessHandle> handles = process.descendants()) {
      handles.forEach(started::add);
    }
  }

  /** Asks the process and all that it started to end, waits, then kills what is left. */
  private void end(Process process) throws InterruptedException {
    look(process);
    List<ProcessHandle> tree = Stream.concat(Stream.of(process.toHandle()), started.stream())
        .filter(ProcessHandle::isAlive)
        .toList();
    tree.forEach(ProcessHandle::destroy);
    long until = System.nanoTime() + settings.grace().toNanos();
    while (tree.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    tree.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    process.waitFor(settings.grace().toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  private void read(InputStream stream, boolean isResult) {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lastOutput.set(System.nanoTime());
        int number = output.add(line, isResult);
        if (isResult && settings.output() != OutputFormat.TEXT) {
          standard.accept(line); // the last events are what matters
        } else if (number <= settings.maxProgressLines()) {
          context.progress(line);
        } else if (number == settings.maxProgressLines() + 1) {
          context.progress("(more output is not shown)");
        }
      }
    } catch (IOException closed) {
      // the process is gone, and its pipe with it
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
