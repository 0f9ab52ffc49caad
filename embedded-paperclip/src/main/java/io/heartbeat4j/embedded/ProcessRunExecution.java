package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.rules.RunExecution;
import io.heartbeat4j.embedded.rules.RunExecutionResult;
import io.heartbeat4j.embedded.rules.RunStartRequest;
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

/** Runs an agent as a child process, like Paperclip's {@code process} adapter. */
final class ProcessRunExecution implements RunExecution {

  private static final int DEFAULT_GRACE_SECONDS = 15;
  private static final int SIGNAL_EXIT_CODE_BASE = 128;
  private static final Map<Integer, String> SIGNALS = Map.of(1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 6, "SIGABRT", 9,
      "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private final Context context;
  private final RunStartRequest startRequest;
  private final Promise<RunExecutionResult> result = Promise.promise();
  private volatile @Nullable Process process;
  private volatile boolean cancelled;
  private volatile boolean timedOut;

  private ProcessRunExecution(Context context, RunStartRequest startRequest) {
    this.context = context;
    this.startRequest = startRequest;
  }

  static RunExecution start(Context context, RunStartRequest startRequest) {
    if (startRequest.adapterConfig().path("command").asText("").isBlank()) {
      return RoutingRunAdapter.failedExecution("Process adapter missing command");
    }
    ProcessRunExecution execution = new ProcessRunExecution(context, startRequest);
    Thread.ofVirtual().name("process-" + startRequest.runId()).start(execution::run);
    return execution;
  }

  private void run() {
    try (RunScratchDirectory scratch = RunScratchDirectory.create(startRequest.runId())) {
      Process started = builder(scratch).start();
      process = started;
      started.getOutputStream().close();
      if (cancelled) {
        terminate();
      }
      scheduleTimeout(started);
      int code = started.waitFor();
      completeWithExitCode(code, scratch);
    } catch (IOException failure) {
      complete(RunExecutionResult.failed("Failed to start command: " + failure.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      complete(RunExecutionResult.failed("Interrupted"));
    }
  }

  private ProcessBuilder builder(RunScratchDirectory scratch) {
    JsonNode config = startRequest.adapterConfig();
    List<String> command = new ArrayList<>(List.of(config.path("command").asText()));
    config.path("args").forEach(argument -> command.add(argument.asText()));
    ProcessBuilder builder = new ProcessBuilder(command);
    if (config.hasNonNull("cwd")) {
      builder.directory(new java.io.File(config.path("cwd").asText()));
    }
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PAPERCLIP_"));
    environment.putAll(scratch.environment());
    environment.putAll(startRequest.environment());
    return builder.redirectOutput(scratch.stdout().toFile()).redirectError(scratch.stderr().toFile());
  }

  private void scheduleTimeout(Process started) {
    long limit = startRequest.adapterConfig().path("timeoutSec").asLong(0);
    if (limit > 0) {
      long timer = context
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

  private void completeWithExitCode(int code, RunScratchDirectory scratch) throws IOException {
    Optional<String> signal = Optional.ofNullable(SIGNALS.get(code - SIGNAL_EXIT_CODE_BASE));
    Optional<Integer> exit = signal.isPresent() ? Optional.empty() : Optional.of(code);
    complete(
        new RunExecutionResult(exit, signal, timedOut, Optional.empty(), scratch.readStdout(), scratch.readStderr()));
  }

  private void complete(RunExecutionResult ended) {
    context.runOnContext(now -> result.tryComplete(ended));
  }

  @Override
  public Future<RunExecutionResult> result() {
    return result.future();
  }

  @Override
  public Future<Void> cancel() {
    cancelled = true;
    terminate();
    return result.future().mapEmpty();
  }

  @Override
  public void kill() {
    Process running = process;
    if (running != null) {
      processTree(running).forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Sends SIGTERM to the process and its descendants, and SIGKILL after the grace period. */
  private void terminate() {
    Process running = process;
    if (running == null) {
      return;
    }
    processTree(running).forEach(ProcessHandle::destroy);
    long grace = startRequest.adapterConfig().path("graceSec").asLong(DEFAULT_GRACE_SECONDS) * 1000;
    long timer = context.owner().setTimer(Math.max(1, grace),
        late -> processTree(running).forEach(ProcessHandle::destroyForcibly));
    running.onExit().thenRun(() -> context.owner().cancelTimer(timer));
  }

  private static Stream<ProcessHandle> processTree(Process process) {
    return Stream.concat(process.descendants().toList().stream(), Stream.of(process.toHandle()));
  }

  @Override
  public Optional<Long> processId() {
    return Optional.ofNullable(process).map(Process::pid);
  }
}
