package io.heartbeat4j.host.http;

import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts off the work of runs that no adapter follows any more, as after a kill of the server: its token is good for five
 * minutes then, and the issue has to be settled before that. Confined to the host's event loop.
 */
public final class UnfollowedRuns {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Vertx vertx;
  private final RunCoordinator runCoordinator;
  private final Duration patience;
  private final Map<RunId, Integer> followers = new HashMap<>();
  private final Map<RunId, Long> timers = new HashMap<>();

  public UnfollowedRuns(Vertx vertx, RunCoordinator runCoordinator) {
    this(vertx, runCoordinator, PATIENCE);
  }

  UnfollowedRuns(Vertx vertx, RunCoordinator runCoordinator, Duration patience) {
    this.vertx = vertx;
    this.runCoordinator = runCoordinator;
    this.patience = patience;
  }

  /** The run has no follower yet. */
  void accepted(HostedRun run) {
    if (!run.completion().isComplete() && !followers.containsKey(run.id()) && !timers.containsKey(run.id())) {
      wait(run);
      run.completion().onComplete(over -> cancel(run.id()));
    }
  }

  void followed(HostedRun run) {
    followers.merge(run.id(), 1, Integer::sum);
    cancel(run.id());
  }

  void left(HostedRun run) {
    if (followers.merge(run.id(), -1, (count, less) -> count + less == 0 ? null : count + less) == null
        && !run.completion().isComplete()) {
      wait(run);
    }
  }

  private void wait(HostedRun run) {
    cancel(run.id());
    timers.put(run.id(), vertx.setTimer(patience.toMillis(), late -> {
      timers.remove(run.id());
      runCoordinator.postpone(run, "Paperclip has not followed the run for " + patience.toMinutes()
          + " minutes, and the work needs more time");
    }));
  }

  private void cancel(RunId run) {
    Long timer = timers.remove(run);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }
}
