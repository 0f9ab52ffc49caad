package io.heartbeat4j.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Scheduler on a Vert.x context; without one, on the caller's current context. */
final class VertxScheduler implements Scheduler {

  private final Vertx vertx;
  private final Clock clock;
  private final @Nullable Context pinned;

  VertxScheduler(Vertx vertx, Clock clock, @Nullable Context pinned) {
    this.vertx = vertx;
    this.clock = clock;
    this.pinned = pinned;
  }

  @Override
  public Scheduler onCurrentContext() {
    return new VertxScheduler(vertx, clock, vertx.getOrCreateContext());
  }

  @Override
  public void execute(Runnable action) {
    context().runOnContext(go -> action.run());
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    Context context = context();
    long timer = vertx.setTimer(Math.max(1, delay.toMillis()), due -> context.runOnContext(go -> action.run()));
    return () -> vertx.cancelTimer(timer);
  }

  @Override
  public <T> Future<T> executeBlocking(Callable<T> access) {
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
