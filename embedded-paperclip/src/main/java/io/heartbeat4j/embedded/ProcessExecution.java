package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.rules.Execution;
import io.heartbeat4j.embedded.rules.Outcome;
import io.heartbeat4j.embedded.rules.RunOrder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A run of an agent as a child process, as the server's process adapter starts it. */
final class ProcessExecution implements Execution {

  private static final int DEFAULT_GRACE_SECONDS = 15;
  private static final int SIGNAL_EXITS = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.of(1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 6, "SIGABRT", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private final Context context;
  private final RunOrder order;
  private final Promise<Outcome> outcome = Promise.promise();
  private volatile @Nullable Process process;
  private volatile boolean cancelled;
  private volatile boolean timedOut;

  private ProcessExecution(Context context, RunOrder order) {
    this.context = context;
    this.order = order;
  }

  static Execution start(Context context, RunOrder order) {
    if (order.adapterConfig().path("command").asText("").isBlank()) {
      return RunAdapters.ended("Process adapter missing command");
    }
    ProcessExecution execution = new ProcessExecution(context, order);
    Thread.ofVirtual().name("process-" + order.runId()).start(execution::run);
    return execution;
  }

  private void run() {
    try (RunScratch scratch = RunScratch.create(order.runId())) {
      Process started = builder(scratch).start();
      process = started;
      started.getOutputStream().close();
      if (cancelled) {
        terminate();
      }
      watch(started);
      int code = started.waitFor();
      end(code, scratch);
    } catch (IOException failure) {
      complete(Outcome.failed("Failed to start command: " + failure.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      complete(Outcome.failed("Interrupted"));
    }
  }

  private ProcessBuilder builder(RunScratch scratch) {
    JsonNode config = order.adapterConfig();
    List<String> command = new ArrayList<>(List.of(config.path("command").asText()));
    config.path("args").forEach(argument -> command.add(argument.asText()));
    ProcessBuilder builder = new ProcessBuilder(command);
    if (config.hasNonNull("cwd")) {
      builder.directory(new java.io.File(config.path("cwd").asText()));
    }
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PAPERCLIP_"));
    environment.putAll(scratch.environment());
    environment.putAll(order.environment());
    return builder.redirectOutput(scratch.stdout().toFile()).redirectError(scratch.stderr().toFile());
  }

  private void watch(Process started) {
    long limit = order.adapterConfig().path("timeoutSec").asLong(0);
    if (limit > 0) {
      long timer =
          context
              .owner()
              .setTimer(
                  limit * 1000,
                  late -> {
                    timedOut = true;
                    terminate();
                  });
      started.onExit().thenRun(() -> context.owner().cancelTimer(timer));
    }
  }

  private void end(int code, RunScratch scratch) throws IOException {
    Optional<String> signal = Optional.ofNullable(SIGNALS.get(code - SIGNAL_EXITS));
    Optional<Integer> exit = signal.isPresent() ? Optional.empty() : Optional.of(code);
    complete(new Outcome(exit, signal, timedOut, Optional.empty(), scratch.readStdout(), scratch.readStderr()));
  }

  private void complete(Outcome ended) {
    context.runOnContext(now -> outcome.tryComplete(ended));
  }

  @Override
  public Future<Outcome> outcome() {
    return outcome.future();
  }

  @Override
  public Future<Void> cancel() {
    cancelled = true;
    terminate();
    return outcome.future().mapEmpty();
  }

  @Override
  public void kill() {
    Process running = process;
    if (running != null) {
      family(running).forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** SIGTERM to the process and all below it, SIGKILL to what is left after the grace. */
  private void terminate() {
    Process running = process;
    if (running == null) {
      return;
    }
    family(running).forEach(ProcessHandle::destroy);
    long grace = order.adapterConfig().path("graceSec").asLong(DEFAULT_GRACE_SECONDS) * 1000;
    long timer =
        context.owner().setTimer(Math.max(1, grace), late -> family(running).forEach(ProcessHandle::destroyForcibly));
    running.onExit().thenRun(() -> context.owner().cancelTimer(timer));
  }

  private static Stream<ProcessHandle> family(Process process) {
    return Stream.concat(process.descendants().toList().stream(), Stream.of(process.toHandle()));
  }

  @Override
  public Optional<Long> processId() {
    return Optional.ofNullable(process).map(Process::pid);
  }
}
