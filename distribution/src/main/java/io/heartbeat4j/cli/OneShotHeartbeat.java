package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.RunningHeartbeat;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
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
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One heartbeat in a process of its own, as Paperclip's process adapter starts it: the wake is in the environment, the
 * timeline goes to the run's log, and the exit code shows whether the result is written to the server.
 *
 * <p>SIGTERM cancels the work and leaves time to settle; the server kills the process 15 s later (contract section 3).
 */
final class OneShotHeartbeat {

  /** The server's grace period of 15 s, less the time that the JVM needs to exit. */
  private static final long SETTLE_SECONDS = 13;
  private static final int CLOSE_SECONDS = 5;

  private final Redactor redactor;
  private final boolean json;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean shuttingDown;
  private volatile @Nullable Worker worker;
  private volatile @Nullable RunningHeartbeat heartbeat;

  private OneShotHeartbeat(Redactor redactor, boolean json) {
    this.redactor = redactor;
    this.json = json;
  }

  /** Starts the heartbeat and returns; the process exits when the heartbeat ends. */
  static void start(RunOptions options, Map<String, String> environment) {
    Redactor redactor = Redactor.of(secrets(environment));
    try {
      WakeRequest request = EnvironmentWakeReader.read(environment);
      new OneShotHeartbeat(redactor, options.json()).start(options, environment, request);
    } catch (HeartbeatException badWake) {
      System.err.println("heartbeat: " + redactor.redact(String.valueOf(badWake.getMessage())));
      System.exit(ExitCode.of(badWake).code());
    }
  }

  private void start(RunOptions options, Map<String, String> environment, WakeRequest request) {
    request.warnings().forEach(this::warn);
    RunConfiguration configuration = RunConfiguration.read(options.config(), environment, redactor);
    recoverOrphans(configuration.stateDirectory());
    Vertx vertx = Vertx.vertx(new VertxOptions()
        .setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(1));
    Runtime.getRuntime().addShutdownHook(new Thread(this::settleOnShutdown, "settle"));
    HeartbeatListener eventPrinter = json ? new JsonEventPrinter(System.out) : new TextEventPrinter(System.out, "");
    RunConfiguration remembering = configuration.withWorker(() -> {
      DumpableFlag.clear(); // here, because it takes longer than an idle heartbeat
      Worker created = configuration.worker().worker();
      worker = created;
      return created;
    });
    RunningHeartbeat started = remembering.runner(vertx, redactor, environment).listener(eventPrinter).build()
        .start(request);
    heartbeat = started;
    started.outcome()
        .onComplete(outcome -> closeWorker(vertx).onComplete(closed -> exit(outcome, configuration.problems())));
  }

  /** Makes the log entries of a dead host available, so that this run can finish those of its agent. */
  private void recoverOrphans(Path state) {
    try {
      HostFileStorage.separate(state, WriteAheadLog.FOLDER, Clock.systemUTC());
    } catch (IOException unreadable) {
      warn("the unfinished entries of a host in " + state + " can't be read: " + unreadable.getMessage());
    }
  }

  /**
   * Closes the worker, if the heartbeat created one. Waits for a limited time; then the process exits anyway.
   */
  private Future<Void> closeWorker(Vertx vertx) {
    Worker created = worker;
    return created == null ? Future.succeededFuture() : vertx.<Void>executeBlocking(() -> {
      created.close();
      return null;
    }).timeout(CLOSE_SECONDS, TimeUnit.SECONDS)
        .onFailure(failed -> warn("the worker could not be closed: " + failed.getMessage()));
  }

  /** Runs on the event loop, because exiting the process from there takes the least time. */
  private void exit(AsyncResult<HeartbeatOutcome> outcome, List<String> problems) {
    boolean untold = outcome.result() instanceof HeartbeatOutcome.Idle && !problems.isEmpty();
    ExitCode code = untold ? ExitCode.CONFIGURATION
        : outcome.succeeded() ? ExitCode.OK : ExitCode.of(outcome.cause());
    if (outcome.succeeded()) {
      if (!json) {
        System.out.println("= " + outcome.result().summary());
      }
      if (untold) {
        warn(String.join("; ", problems));
      }
    } else {
      System.err.println("heartbeat: " + redactor.redact(
          code == ExitCode.INTERNAL ? String.valueOf(outcome.cause()) : String.valueOf(outcome.cause().getMessage())));
    }
    System.out.flush();
    ended.countDown();
    if (!shuttingDown) {
      System.exit(code.code());
    }
  }

  /** Runs when the JVM shuts down: after {@link #exit}, or after a signal, when the issue is not settled yet. */
  private void settleOnShutdown() {
    shuttingDown = true;
    RunningHeartbeat current = heartbeat;
    if (current == null || !current.cancel(WorkFailure.terminated())) {
      return;
    }
    try {
      if (!ended.await(SETTLE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("heartbeat: stopped before the issue could be settled");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void warn(String message) {
    System.err.println("heartbeat: " + redactor.redact(message));
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
