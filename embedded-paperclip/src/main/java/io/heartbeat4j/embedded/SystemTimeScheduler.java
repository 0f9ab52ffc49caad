package io.heartbeat4j.embedded;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The system clock, ahead by what {@link #advance} has added, and timers of Vert.x; every action runs on the context. */
final class SystemTimeScheduler implements AdvanceableTimeScheduler {

  private final Context context;
  private final Set<PendingAction> pending = ConcurrentHashMap.newKeySet();
  private volatile Duration ahead = Duration.ZERO;

  SystemTimeScheduler(Context context) {
    this.context = context;
  }

  /** An action that has not run; compared by identity. */
  private static final class PendingAction {
    final Instant dueAt;
    final Runnable action;

    PendingAction(Instant dueAt, Runnable action) {
      this.dueAt = dueAt;
      this.action = action;
    }
  }

  @Override
  public Instant now() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ScheduledAction schedule(Duration delay, Runnable action) {
    PendingAction scheduled = new PendingAction(now().plus(delay), action);
    pending.add(scheduled);
    startTimer(scheduled, delay);
    return () -> pending.remove(scheduled);
  }

  @Override
  public Future<Void> advance(Duration by) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(advanced -> {
      ahead = ahead.plus(by);
      List<PendingAction> byTime = pending.stream().sorted(Comparator.comparing(each -> each.dueAt)).toList();
      byTime.forEach(each -> startTimer(each, Duration.between(now(), each.dueAt)));
      context.runOnContext(ran -> done.complete());
    });
    return done.future();
  }

  /** The timer of before an advance still fires; the action runs at the first. */
  private void startTimer(PendingAction scheduled, Duration delay) {
    if (delay.toMillis() <= 0) {
      context.runOnContext(now -> run(scheduled));
    } else {
      context.owner().setTimer(delay.toMillis(), fired -> context.runOnContext(now -> run(scheduled)));
    }
  }

  private void run(PendingAction scheduled) {
    if (pending.remove(scheduled)) {
      scheduled.action.run();
    }
  }
}
