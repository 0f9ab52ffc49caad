package io.heartbeat4j.host.http;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Notices runs that no adapter follows any more, as after a kill of the server: their tokens are good for five minutes
 * then, and their issues have to be settled before that. Confined to the host's event loop.
 */
public final class UnfollowedRuns {

  /** How long a run goes on without a follower. */
  public static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Vertx vertx;
  private final Duration patience;
  private final Consumer<RunId> onUnfollowed;
  private final Map<RunId, Integer> followers = new HashMap<>();
  private final Map<RunId, Long> timers = new HashMap<>();

  /** @param onUnfollowed receives each run that nobody has followed for that long */
  public UnfollowedRuns(Vertx vertx, Duration patience, Consumer<RunId> onUnfollowed) {
    this.vertx = vertx;
    this.patience = patience;
    this.onUnfollowed = onUnfollowed;
  }

  /** The run was brought, now or again; it is soon followed. */
  void accepted(RunId run, Future<?> completion) {
    if (!completion.isComplete() && !followers.containsKey(run) && !timers.containsKey(run)) {
      await(run);
      completion.onComplete(over -> cancel(run));
    }
  }

  void followed(RunId run, Future<?> completion) {
    cancel(run);
    if (!completion.isComplete() && followers.merge(run, 1, Integer::sum) == 1) {
      completion.onComplete(over -> {
        cancel(run);
        followers.remove(run);
      });
    }
  }

  /** One of its followers is gone. */
  void left(RunId run) {
    if (followers.containsKey(run)
        && followers.computeIfPresent(run, (same, count) -> count > 1 ? count - 1 : null) == null) {
      await(run);
    }
  }

  private void await(RunId run) {
    timers.put(run, vertx.setTimer(patience.toMillis(), late -> {
      timers.remove(run);
      onUnfollowed.accept(run);
    }));
  }

  private void cancel(RunId run) {
    Long timer = timers.remove(run);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }
}
