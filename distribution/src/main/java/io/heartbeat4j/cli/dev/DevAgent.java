package io.heartbeat4j.cli.dev;

import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.embedded.WakeHandler;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The author's agent: runs a heartbeat in this JVM for each wake, where a debugger reaches the worker. */
final class DevAgent implements WakeHandler {

  private static final long SETTLE_SECONDS = 13;
  private static final int KILLED = 137;

  private final CurrentWorker workers;
  private final HeartbeatRunner heartbeats;
  private final SessionEvents events;
  private final Map<String, DevRun> live = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  DevAgent(CurrentWorker workers, HeartbeatRunner heartbeats, SessionEvents events) {
    this.workers = workers;
    this.heartbeats = heartbeats;
    this.events = events;
  }

  /** Called on a virtual thread of the run, on which it waits. */
  @Override
  public Future<Integer> handle(InProcessWake wake) {
    if (stopping) {
      return Future.failedFuture("the session ends");
    }
    LoadedWorker worker = workers.acquire();
    DevRun run = new DevRun();
    live.put(wake.runId(), run);
    try {
      events.runStarted(wake.runId(), wake.context().path("issueId").asText(""),
          wake.context().path("wakeReason").asText("no reason"), worker);
      String outcome = run.await(heartbeats.start(wake, worker, run));
      events.runEnded(wake.runId(), run.isKilled() ? "killed" : "completed", outcome);
      return Future.succeededFuture(run.isKilled() ? KILLED : 0);
    } catch (RuntimeException failed) {
      events.runEnded(wake.runId(), run.isKilled() ? "killed" : "failed", describe(failed));
      return Future.failedFuture(failed);
    } finally {
      live.remove(wake.runId());
      run.end();
      worker.release();
    }
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
