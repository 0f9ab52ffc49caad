package io.heartbeat4j.host.run;

import io.heartbeat4j.client.TransientFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs the heartbeat of a run again where it has failed because the server gave no usable answer, as after the machine
 * was suspended: while Paperclip waits for the run's end, its token can write. The second heartbeat does what the next
 * run of the agent would do: it settles what the write-ahead log has, and repeats no work.
 *
 * @param patience how long after the first failure the last one may begin
 */
record HeartbeatRetry(Duration patience, Clock clock) {

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(15);

  /** Called and completed on {@code loop}. */
  <T> Future<T> whileServerFails(HostedRun run, Context loop, Supplier<Future<T>> heartbeat) {
    return heartbeat.get()
        .recover(failed -> attempt(run, loop, heartbeat, failed, clock.instant().plus(patience), FIRST));
  }

  private <T> Future<T> attempt(HostedRun run, Context loop, Supplier<Future<T>> heartbeat, Throwable failed,
      Instant end,
      Duration wait) {
    if (!run.channel().waitsForHost() || !isTransient(failed) || !clock.instant().plus(wait).isBefore(end)) {
      return Future.failedFuture(failed);
    }
    Duration next = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
    return pause(run, loop, wait).compose(waited -> run.isStopRequested() || run.isAbandoned()
        ? Future.failedFuture(failed)
        : heartbeat.get().recover(again -> attempt(run, loop, heartbeat, again, end, next)));
  }

  /** Ends early where the run is asked to stop. */
  private static Future<?> pause(HostedRun run, Context loop, Duration wait) {
    Promise<Void> stopped = Promise.promise();
    run.cancellation().onRequested(() -> loop.runOnContext(now -> stopped.tryComplete()));
    return Future.any(loop.owner().timer(wait.toMillis(), TimeUnit.MILLISECONDS), stopped.future());
  }

  private static boolean isTransient(Throwable failed) {
    return failed instanceof TransientFailure || failed.getCause() instanceof TransientFailure;
  }
}
