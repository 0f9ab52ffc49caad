package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.IdGenerator;
import io.heartbeat4j.embedded.rules.ServerBehaviorOptions;
import io.heartbeat4j.embedded.rules.TimeScheduler;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Settings of an {@link EmbeddedPaperclip}. Immutable; each method gives a changed copy. */
public final class EmbeddedOptions {

  private final int port;
  private final Function<Context, TimeScheduler> scheduler;
  private final IdGenerator idGenerator;
  private final ServerBehaviorOptions behavior;

  private EmbeddedOptions(int port, Function<Context, TimeScheduler> time, IdGenerator idGenerator,
      ServerBehaviorOptions rules) {
    this.port = port;
    this.scheduler = time;
    this.idGenerator = idGenerator;
    this.behavior = rules;
  }

  /** A free port, the system clock, random ids, a current server's rules. */
  public static EmbeddedOptions defaults() {
    return new EmbeddedOptions(0, SystemTimeScheduler::new, IdGenerator.random(), ServerBehaviorOptions.defaults());
  }

  /** The port to listen on; zero is a free one. */
  public EmbeddedOptions port(int port) {
    return new EmbeddedOptions(port, scheduler, idGenerator, behavior);
  }

  /** A clock that stands at this moment until {@link EmbeddedPaperclip#advanceTime} moves it. */
  public EmbeddedOptions virtualTime(Instant start) {
    return new EmbeddedOptions(port, context -> new VertxVirtualTimeScheduler(context, start), idGenerator, behavior);
  }

  /** Where new ids come from. */
  public EmbeddedOptions idGenerator(IdGenerator idGenerator) {
    return new EmbeddedOptions(port, scheduler, idGenerator, behavior);
  }

  /** All that the rules leave open. */
  public EmbeddedOptions behavior(ServerBehaviorOptions rules) {
    return new EmbeddedOptions(port, scheduler, idGenerator, rules);
  }

  /** Between the end of a run without disposition and the one corrective wake. */
  public EmbeddedOptions handoffDelay(Duration delay) {
    return behavior(behavior.handoffDelay(delay));
  }

  /** Between the end of a corrective run without disposition and {@code blocked}. */
  public EmbeddedOptions escalationDelay(Duration delay) {
    return behavior(behavior.escalationDelay(delay));
  }

  /** Between a failed run and its issue's move to {@code blocked}. */
  public EmbeddedOptions reconciliationDelay(Duration delay) {
    return behavior(behavior.reconciliationDelay(delay));
  }

  /** As an older server: without {@code GET /api/heartbeat-runs/:run}. */
  public EmbeddedOptions withoutRunEndpoint() {
    return behavior(behavior.hasRunEndpoint(false));
  }

  /** As an older server: unscoped runs may comment and PATCH. */
  public EmbeddedOptions withoutScopeRule() {
    return behavior(behavior.requiresScopedWrites(false));
  }

  int port() {
    return port;
  }

  TimeScheduler scheduler(Context context) {
    return scheduler.apply(context);
  }

  IdGenerator idGenerator() {
    return idGenerator;
  }

  ServerBehaviorOptions behavior() {
    return behavior;
  }
}
