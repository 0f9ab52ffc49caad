package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.heartbeat.RunningHeartbeat;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One wake of {@code heartbeat run}, from its variables to its exit code: the timeline goes to the run's log, problems
 * go to its error output. Whether the process ends with it is the caller's matter.
 */
final class WakeRun {

  private static final int CLOSE_SECONDS = 5;

  private final Map<String, String> environment;
  private final boolean json;
  private final PrintStream out;
  private final PrintStream err;
  private final Redactor redactor;
  private volatile @Nullable Worker worker;
  private volatile @Nullable HeartbeatRunner runner;
  private volatile @Nullable RunningHeartbeat heartbeat;

  WakeRun(Map<String, String> environment, boolean json, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.json = json;
    this.out = out;
    this.err = err;
    this.redactor = Redactor.of(secrets(environment));
  }

  Redactor redactor() {
    return redactor;
  }

  /**
   * The wake that the variables describe.
   *
   * @throws HeartbeatException if they are missing or malformed
   */
  WakeRequest readWake() {
    WakeRequest request = EnvironmentWakeReader.read(environment);
    request.warnings().forEach(this::warn);
    return request;
  }

  /** Tells why there is no heartbeat. */
  ExitCode refuse(HeartbeatException badWake) {
    warn(String.valueOf(badWake.getMessage()));
    return ExitCode.of(badWake);
  }

  /** Runs the heartbeat; called on a thread that may block. The result completes on an event loop. */
  Future<ExitCode> run(Vertx vertx, WakeRequest request, RunConfiguration configuration) {
    recoverOrphans(configuration.stateDirectory());
    RunConfiguration remembering = configuration.withWorker(() -> {
      Worker created = configuration.worker().worker();
      worker = created;
      return created;
    });
    HeartbeatRunner started = remembering.runner(vertx, redactor, environment)
        .listener(json ? new JsonEventPrinter(out) : new TextEventPrinter(out, ""))
        .warnings(this::warn)
        .build();
    runner = started;
    RunningHeartbeat running = started.start(request);
    heartbeat = running;
    Promise<ExitCode> code = Promise.promise();
    running.outcome().onComplete(outcome -> closeWorker(vertx)
        .onComplete(closed -> code.complete(report(outcome, configuration.problems()))));
    return code.future();
  }

  /**
   * Cancels the work, which is then settled.
   *
   * @return false where there is nothing to wait for: no heartbeat has started, or the server answers only after the
   *     caller's process has exited (contract section 7)
   */
  boolean terminate() {
    RunningHeartbeat current = heartbeat;
    return current != null && current.cancel(WorkFailure.terminated());
  }

  /** Closes the connections; for a process that goes on. */
  void close() {
    HeartbeatRunner current = runner;
    if (current != null) {
      current.close().onFailure(failed -> warn("the connections could not be closed: " + failed.getMessage()));
    }
  }

  /** Makes the log entries of a dead host available, so that this run can finish those of its agent. */
  private void recoverOrphans(Path state) {
    try {
      HostFileStorage.separate(state, WriteAheadLog.FOLDER, Clock.systemUTC());
    } catch (IOException unreadable) {
      warn("the unfinished entries of a host in " + state + " can't be read: " + unreadable.getMessage());
    }
  }

  /** Closes the worker, if the heartbeat created one. Waits for a limited time. */
  private Future<Void> closeWorker(Vertx vertx) {
    Worker created = worker;
    return created == null ? Future.succeededFuture() : vertx.<Void>executeBlocking(() -> {
      created.close();
      return null;
    }, false).timeout(CLOSE_SECONDS, TimeUnit.SECONDS)
        .onFailure(failed -> warn("the worker could not be closed: " + failed.getMessage()));
  }

  private ExitCode report(AsyncResult<HeartbeatOutcome> outcome, List<String> problems) {
    boolean untold = outcome.result() instanceof HeartbeatOutcome.Idle && !problems.isEmpty();
    ExitCode code = untold ? ExitCode.CONFIGURATION
        : outcome.succeeded() ? ExitCode.OK : ExitCode.of(outcome.cause());
    if (outcome.succeeded()) {
      if (!json) {
        out.println("= " + outcome.result().summary());
      }
      if (untold) {
        warn(String.join("; ", problems));
      }
    } else {
      warn(code == ExitCode.INTERNAL ? String.valueOf(outcome.cause()) : String.valueOf(outcome.cause().getMessage()));
    }
    out.flush();
    return code;
  }

  void warn(String message) {
    err.println("heartbeat: " + redactor.redact(message));
  }

  private static List<String> secrets(Map<String, String> environment) {
    List<String> secrets = new ArrayList<>();
    environment.forEach((name, value) -> {
      if (name.equals("PAPERCLIP_API_KEY") || name.equals("PAPERCLIP_RUNTIME_TOOLS_TOKEN")) {
        secrets.add(value);
      }
    });
    return secrets;
  }
}
