package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.provider.ModelProvider.Tokens;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Counts what a heartbeat uses, tells the runtime of it, and knows when it is enough. For one thread. */
final class Meter {

  /** What the last words take. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final WorkContext context;
  private final Limits limits;
  private final ModelSettings model;
  private final Prices prices;
  private final Clock clock;
  private final Instant began;
  private int steps;
  private long input;
  private long cached;
  private long output;
  private BigDecimal usd = BigDecimal.ZERO;
  private boolean priceKnown = true;

  Meter(WorkContext context, Limits limits, ModelSettings model, Prices prices, Clock clock) {
    this.context = context;
    this.limits = limits;
    this.model = model;
    this.prices = prices;
    this.clock = clock;
    this.began = clock.instant();
  }

  void count(Tokens tokens) {
    steps++;
    input += tokens.input();
    cached += tokens.cached();
    output += tokens.output();
    Optional<BigDecimal> cost = prices.of(model.name(), tokens);
    if (cost.isEmpty() && priceKnown) {
      priceKnown = false;
      context.progress("no price is known for " + model.name()
          + ": the limit in dollars does not hold, and its cost is reported as 0 (see the setting 'prices')");
    }
    usd = usd.add(cost.orElse(BigDecimal.ZERO));
    context.used(new Usage(model.provider(), model.name(), tokens.input(), tokens.cached(), tokens.output(),
        cost.orElse(BigDecimal.ZERO), cost.isPresent() ? Usage.Billing.METERED : Usage.Billing.UNPRICED));
  }

  /** The limit that is reached, in words. */
  Optional<String> reached() {
    if (steps >= limits.steps()) {
      return Optional.of("the limit of " + limits.steps() + " steps is reached");
    }
    if (input - cached + output >= limits.tokens()) {
      return Optional.of("the limit of " + limits.tokens() + " tokens is reached");
    }
    if (usd.compareTo(limits.usd()) >= 0) {
      return Optional.of("the limit of " + limits.usd().toPlainString() + " US dollars is reached");
    }
    if (context.budget().isSpent()) {
      return Optional.of("the agent's budget is spent");
    }
    Instant now = clock.instant();
    if (!now.isBefore(began.plus(limits.time()))) {
      return Optional.of("the time limit of " + words(limits.time()) + " is reached");
    }
    boolean late = context.deadline().filter(deadline -> now.isAfter(deadline.minus(margin(deadline)))).isPresent();
    return late ? Optional.of("the heartbeat's time is over") : Optional.empty();
  }

  private Duration margin(Instant deadline) {
    Duration tenth = Duration.between(began, deadline).dividedBy(10);
    return tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN;
  }

  /** The numbers for a person. */
  String words() {
    String money = priceKnown ? usd.setScale(4, RoundingMode.HALF_UP).toPlainString() + " US dollars by the price list" : "price not known";
    return String.format(Locale.ROOT, "%d step(s), %,d tokens in (%,d of them cached), %,d out, %s, %s",
        steps, input, cached, output, money, words(Duration.between(began, clock.instant())));
  }

  private static String words(Duration duration) {
    return duration.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
