package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.ServerBehaviorOptions;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Settings of an {@link EmbeddedPaperclip}. Immutable; each method returns a changed copy. */
public final class EmbeddedOptions {

  private final Function<Context, AdvanceableTimeScheduler> scheduler;
  private final ServerBehaviorOptions behavior;

  private EmbeddedOptions(Function<Context, AdvanceableTimeScheduler> scheduler, ServerBehaviorOptions behavior) {
    this.scheduler = scheduler;
    this.behavior = behavior;
  }

  /** The system clock and {@link ServerBehaviorOptions#defaults}. */
  public static EmbeddedOptions defaults() {
    return new EmbeddedOptions(SystemTimeScheduler::new, ServerBehaviorOptions.defaults());
  }

  /** A clock that stays at this time until {@link EmbeddedPaperclip#advanceTime} moves it. */
  public EmbeddedOptions virtualTime(Instant start) {
    return new EmbeddedOptions(context -> new VertxVirtualTimeScheduler(context, start), behavior);
  }

  /** The delays and the version differences of the server. */
  public EmbeddedOptions behavior(ServerBehaviorOptions behavior) {
    return new EmbeddedOptions(scheduler, behavior);
  }

  /** The delay between a failed run and the move of its issue to {@code blocked}. */
  public EmbeddedOptions reconciliationDelay(Duration delay) {
    return behavior(behavior.reconciliationDelay(delay));
  }

  /** An older server: without {@code GET /api/heartbeat-runs/:run}. */
  public EmbeddedOptions withoutRunEndpoint() {
    return behavior(behavior.hasRunEndpoint(false));
  }

  /** An older server: unscoped runs may comment and PATCH. */
  public EmbeddedOptions withoutScopeRule() {
    return behavior(behavior.requiresScopedWrites(false));
  }

  AdvanceableTimeScheduler scheduler(Context context) {
    return scheduler.apply(context);
  }

  ServerBehaviorOptions behavior() {
    return behavior;
  }
}
