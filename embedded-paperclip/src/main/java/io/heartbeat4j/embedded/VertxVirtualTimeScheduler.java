package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;

/** Virtual time on a context of Vert.x: actions without delay run at once, others in {@link #advance}. */
final class VertxVirtualTimeScheduler implements AdvanceableTimeScheduler {

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

  @Override
  public Future<Void> advance(Duration by) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          scheduler.advance(by);
          done.complete();
        });
    return done.future();
  }
}
