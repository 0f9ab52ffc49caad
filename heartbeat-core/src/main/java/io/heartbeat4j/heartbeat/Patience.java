package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.policy.Limits;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Waits for a server that is certainly not there, as during its restart: the issue is held, and this run is the one that
 * can still settle it. A write that may have arrived is not waited for: it has had its two attempts, and the journal has it.
 */
final class Patience {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Limits limits;

  @Inject
  Patience(Limits limits) {
    this.limits = limits;
  }

  <T> Future<T> whileUnreachable(Beat beat, Supplier<Future<T>> write) {
    return attempt(beat, write, beat.clock().instant().plus(limits.patience()), FIRST);
  }

  private static <T> Future<T> attempt(Beat beat, Supplier<Future<T>> write, Instant end, Duration wait) {
    return write.get().recover(failure -> {
      if (!isNotThere(failure) || beat.cancellation().isRequested() || !beat.clock().instant().plus(wait).isBefore(end)) {
        return Future.failedFuture(failure);
      }
      beat.tell(Step.UPDATE_STATUS, Kind.FAILED, "the server can't be reached; tried again in " + wait.toSeconds() + " s");
      Duration next = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
      return beat.loop().later(wait).compose(waited -> attempt(beat, write, end, next));
    });
  }

  private static boolean isNotThere(Throwable failure) {
    Throwable cause = failure instanceof HeartbeatException && failure.getCause() != null ? failure.getCause() : failure;
    return cause instanceof TransientFailure passing && !passing.mayHaveBeenProcessed();
  }
}
