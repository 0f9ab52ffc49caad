package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One heartbeat in a process of its own, as Paperclip's process adapter starts it: the wake is in the environment, the
 * timeline goes to the run's log, and the exit code shows whether the result is written to the server.
 *
 * <p>SIGTERM cancels the work and leaves time to settle; the server kills the process 15 s later (contract section 3).
 */
final class OneShotHeartbeat {

  /** The server's grace period of 15 s, less the time that the JVM needs to exit. */
  private static final long SETTLE_SECONDS = 13;

  private final WakeRun run;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean shuttingDown;

  private OneShotHeartbeat(WakeRun run) {
    this.run = run;
  }

  /** Starts the heartbeat and returns; the process exits when the heartbeat ends. */
  static void start(RunOptions options, Map<String, String> environment) {
    WakeRun run = new WakeRun(environment, options.json(), System.out, System.err);
    try {
      new OneShotHeartbeat(run).start(options, environment, run.readWake());
    } catch (HeartbeatException badWake) {
      System.exit(run.refuse(badWake).code());
    }
  }

  private void start(RunOptions options, Map<String, String> environment, WakeRequest request) {
    RunConfiguration configuration = RunConfiguration.read(options.config(), environment, run.redactor());
    Vertx vertx = Vertx.vertx(new VertxOptions()
        .setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(1));
    Runtime.getRuntime().addShutdownHook(new Thread(this::settleOnShutdown, "settle"));
    RunConfiguration guarded = configuration.withWorker(() -> {
      DumpableFlag.clear(); // here, because it takes longer than an idle heartbeat
      return configuration.worker().worker();
    });
    run.run(vertx, request, guarded).onSuccess(code -> exit(code, configuration, environment));
  }

  /** Runs on the event loop, because exiting the process from there takes the least time. */
  private void exit(ExitCode code, RunConfiguration configuration, Map<String, String> environment) {
    ended.countDown();
    if (!shuttingDown) {
      configuration.resident().ifPresent(wanted -> ResidentStarter.of(environment, run::warn).start(wanted));
      System.exit(code.code());
    }
  }

  /** Runs when the JVM shuts down: after {@link #exit}, or after a signal, when the issue is not settled yet. */
  private void settleOnShutdown() {
    shuttingDown = true;
    if (!run.terminate()) {
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
}
