package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.TimeScheduler;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;

/** Virtual time of a server: what is due now happens at once, what is due later waits for {@link #advance}. */
final class VertxVirtualTimeScheduler implements TimeScheduler {

  private final Context context;
  private final VirtualTimeScheduler scheduler;

  VertxVirtualTimeScheduler(Context context, Instant start) {
    this.context = context;
    this.scheduler = new VirtualTimeScheduler(start);
  }

  @Override
  public Instant now() {
    return scheduler.now();
  }

  @Override
  public ScheduledAction schedule(Duration delay, Runnable action) {
    ScheduledAction planned = scheduler.schedule(delay, action);
    if (delay.isZero() || delay.isNegative()) {
      context.runOnContext(now -> scheduler.advance(Duration.ZERO));
    }
    return planned;
  }

  /** Goes on by this much, on the server's thread; completes when all that is due on the way has been done. */
  Future<Void> advance(Duration by) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          scheduler.advance(by);
          done.complete();
        });
    return done.future();
  }
}
