package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Repeats the last writes of a checked-out issue while the server is unreachable, as during its restart. A write whose
 * last attempt may have arrived is not repeated: it has had its two attempts, and the write-ahead log has it.
 */
public final class OutageRetry {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final HeartbeatLimits limits;

  @Inject
  OutageRetry(HeartbeatLimits limits) {
    this.limits = limits;
  }

  <T> Future<T> whileUnreachable(HeartbeatContext heartbeat, Supplier<Future<T>> write) {
    return attempt(heartbeat, write, heartbeat.clock().instant().plus(limits.patience()), FIRST);
  }

  private static <T> Future<T> attempt(HeartbeatContext heartbeat, Supplier<Future<T>> write, Instant end,
      Duration wait) {
    return write.get().recover(failure -> {
      if (!isNotThere(failure) || heartbeat.cancellation().isRequested()
          || !heartbeat.clock().instant().plus(wait).isBefore(end)) {
        return Future.failedFuture(failure);
      }
      heartbeat.emit(Step.UPDATE_STATUS, Kind.FAILED,
          "the server can't be reached; tried again in " + wait.toSeconds() + " s");
      Duration next = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
      return heartbeat.scheduler().delay(wait).compose(waited -> attempt(heartbeat, write, end, next));
    });
  }

  private static boolean isNotThere(Throwable failure) {
    Throwable cause = failure instanceof HeartbeatException && failure.getCause() != null ? failure.getCause()
        : failure;
    return cause instanceof TransientFailure passing && passing.isServerAway();
  }
}
