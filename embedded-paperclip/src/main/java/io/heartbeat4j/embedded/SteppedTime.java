package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.Time;
import io.heartbeat4j.embedded.rules.VirtualTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;

/** Virtual time of a server: what is due now happens at once, what is due later waits for {@link #advance}. */
final class SteppedTime implements Time {

  private final Context context;
  private final VirtualTime time;

  SteppedTime(Context context, Instant start) {
    this.context = context;
    this.time = new VirtualTime(start);
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public Cancellation after(Duration delay, Runnable action) {
    Cancellation planned = time.after(delay, action);
    if (delay.isZero() || delay.isNegative()) {
      context.runOnContext(now -> time.advance(Duration.ZERO));
    }
    return planned;
  }

  /** Goes on by this much, on the server's thread; completes when all that is due on the way has been done. */
  Future<Void> advance(Duration by) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          time.advance(by);
          done.complete();
        });
    return done.future();
  }
}
