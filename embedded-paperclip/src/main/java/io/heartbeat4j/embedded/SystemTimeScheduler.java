package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.TimeScheduler;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** The system clock and timers of Vert.x; every action runs on the given context. */
final class SystemTimeScheduler implements TimeScheduler {

  private final Context context;

  SystemTimeScheduler(Context context) {
    this.context = context;
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public ScheduledAction schedule(Duration delay, Runnable action) {
    AtomicBoolean cancelled = new AtomicBoolean();
    Runnable guarded = () -> {
      if (!cancelled.get()) {
        action.run();
      }
    };
    if (delay.toMillis() <= 0) {
      context.runOnContext(now -> guarded.run());
    } else {
      context.owner().setTimer(delay.toMillis(), fired -> context.runOnContext(now -> guarded.run()));
    }
    return () -> cancelled.set(true);
  }
}
