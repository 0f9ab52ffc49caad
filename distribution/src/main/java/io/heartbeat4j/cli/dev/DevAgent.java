package io.heartbeat4j.cli.dev;

import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.embedded.WakeHandler;
import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.heartbeat.RunningHeartbeat;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.redaction.Redactor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The author's agent: runs a heartbeat in this JVM for each wake, where a debugger reaches the worker. */
final class DevAgent implements WakeHandler {

  private static final long SETTLE_SECONDS = 13;
  private static final int KILLED = 137;

  private final Vertx vertx;
  private final Redactor redactor;
  private final CurrentWorker workers;
  private final SessionEvents events;
  private final Path directory;
  private final Path project;
  private final Map<String, DevRun> live = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /**
   * @param directory of the session's files
   * @param project to which a relative workspace belongs
   */
  DevAgent(Vertx vertx, Redactor redactor, CurrentWorker workers, SessionEvents events, Path directory, Path project) {
    this.vertx = vertx;
    this.redactor = redactor;
    this.workers = workers;
    this.events = events;
    this.directory = directory;
    this.project = project;
  }

  /** Called on a virtual thread of the run, on which it waits. */
  @Override
  public Future<Integer> handle(InProcessWake wake) {
    if (stopping) {
      return Future.failedFuture("the session ends");
    }
    LoadedWorker worker = workers.acquire();
    events.runStarted(wake.runId(), wake.context().path("issueId").asText(""),
        wake.context().path("wakeReason").asText("no reason"), worker);
    DevRun run = start(wake, worker);
    live.put(wake.runId(), run);
    try {
      String outcome = run.await();
      events.runEnded(wake.runId(), run.isKilled() ? "killed" : "completed", outcome);
      return Future.succeededFuture(run.isKilled() ? KILLED : 0);
    } catch (RuntimeException failed) {
      events.runEnded(wake.runId(), run.isKilled() ? "killed" : "failed", describe(failed));
      return Future.failedFuture(failed);
    } finally {
      live.remove(wake.runId());
      worker.release();
    }
  }

  private DevRun start(InProcessWake wake, LoadedWorker worker) {
    Map<String, String> environment = new HashMap<>(wake.environment());
    environment.put("PAPERCLIP_WORKSPACE_CWD",
        worker.settings().workspace().map(project::resolve).orElse(directory.resolve("workspace")).toString());
    HeartbeatRunner runner = HeartbeatRunner.builder(vertx, worker::worker, directory.resolve("state"))
        .redactor(redactor)
        .limits(new WorkLimits(worker.settings().timeout(), WorkLimits.DEFAULT.silence(), WorkLimits.DEFAULT.grace()))
        .scratch(directory.resolve("scratch"))
        .warnings(events::line)
        .listener(events::step)
        .build();
    RunningHeartbeat heartbeat = runner.start(EnvironmentWakeReader.read(environment));
    wake.cancelled().onSuccess(stopped -> heartbeat.cancel(
        new WorkFailure(WorkFailure.Kind.CANCELLED, "The server stopped the run.")));
    return new DevRun(runner, heartbeat);
  }

  private static String describe(RuntimeException failed) {
    Throwable cause = failed.getCause() == null ? failed : failed.getCause();
    return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
  }

  /**
   * Ends a run as SIGKILL ends a process: from now on none of its requests reaches the server, and its worker is
   * interrupted. False where the run is not live.
   */
  boolean kill(String runId) {
    DevRun run = live.get(runId);
    if (run != null) {
      run.kill();
    }
    return run != null;
  }

  /** Stops all runs as SIGTERM does and waits for them, for a limited time; later wakes are refused. */
  void stop() {
    stopping = true;
    live.values().forEach(run -> run.stop(WorkFailure.terminated()));
    live.values().forEach(run -> run.awaitEnd(SETTLE_SECONDS, TimeUnit.SECONDS));
  }
}
