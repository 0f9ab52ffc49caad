package io.heartbeat4j.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A Vert.x context as a loop; without one, the caller's at the time. */
final class VertxLoop implements Loop {

  private final Vertx vertx;
  private final Clock clock;
  private final @Nullable Context pinned;

  VertxLoop(Vertx vertx, Clock clock, @Nullable Context pinned) {
    this.vertx = vertx;
    this.clock = clock;
    this.pinned = pinned;
  }

  @Override
  public Loop here() {
    return new VertxLoop(vertx, clock, vertx.getOrCreateContext());
  }

  @Override
  public void run(Runnable action) {
    context().runOnContext(go -> action.run());
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    Context context = context();
    long timer = vertx.setTimer(Math.max(1, delay.toMillis()), due -> context.runOnContext(go -> action.run()));
    return () -> vertx.cancelTimer(timer);
  }

  @Override
  public <T> Future<T> blocking(Callable<T> access) {
    return context().executeBlocking(access, false);
  }

  @Override
  public Clock clock() {
    return clock;
  }

  private Context context() {
    return pinned == null ? vertx.getOrCreateContext() : pinned;
  }
}
