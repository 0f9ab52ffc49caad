package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.Ids;
import io.heartbeat4j.embedded.rules.RulesOptions;
import io.heartbeat4j.embedded.rules.Time;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Settings of an {@link EmbeddedPaperclip}. Immutable; each method gives a changed copy. */
public final class EmbeddedOptions {

  private final int port;
  private final Function<Context, Time> time;
  private final Ids ids;
  private final RulesOptions rules;

  private EmbeddedOptions(int port, Function<Context, Time> time, Ids ids, RulesOptions rules) {
    this.port = port;
    this.time = time;
    this.ids = ids;
    this.rules = rules;
  }

  /** A free port, the system clock, random ids, a current server's rules. */
  public static EmbeddedOptions defaults() {
    return new EmbeddedOptions(0, VertxTime::new, Ids.random(), RulesOptions.defaults());
  }

  /** The port to listen on; zero is a free one. */
  public EmbeddedOptions port(int port) {
    return new EmbeddedOptions(port, time, ids, rules);
  }

  /** A clock that stands at this moment until {@link EmbeddedPaperclip#advance} moves it. */
  public EmbeddedOptions virtualTime(Instant start) {
    return new EmbeddedOptions(port, context -> new SteppedTime(context, start), ids, rules);
  }

  /** Where new ids come from. */
  public EmbeddedOptions ids(Ids ids) {
    return new EmbeddedOptions(port, time, ids, rules);
  }

  /** All that the rules leave open. */
  public EmbeddedOptions rules(RulesOptions rules) {
    return new EmbeddedOptions(port, time, ids, rules);
  }

  /** Between the end of a run without disposition and the one corrective wake. */
  public EmbeddedOptions handoffDelay(Duration delay) {
    return rules(rules.handoffDelay(delay));
  }

  /** Between the end of a corrective run without disposition and {@code blocked}. */
  public EmbeddedOptions escalationDelay(Duration delay) {
    return rules(rules.escalationDelay(delay));
  }

  /** Between a failed run and its issue's move to {@code blocked}. */
  public EmbeddedOptions reconciliationDelay(Duration delay) {
    return rules(rules.reconciliationDelay(delay));
  }

  /** As an older server: without {@code GET /api/heartbeat-runs/:run}. */
  public EmbeddedOptions withoutRunEndpoint() {
    return rules(rules.hasRunEndpoint(false));
  }

  /** As an older server: unscoped runs may comment and PATCH. */
  public EmbeddedOptions withoutScopeRule() {
    return rules(rules.scopedWritesOnly(false));
  }

  int port() {
    return port;
  }

  Time time(Context context) {
    return time.apply(context);
  }

  Ids ids() {
    return ids;
  }

  RulesOptions rules() {
    return rules;
  }
}
