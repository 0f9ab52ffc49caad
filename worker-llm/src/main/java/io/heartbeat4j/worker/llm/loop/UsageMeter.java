package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.agent.ModelPriceTable;
import io.heartbeat4j.worker.llm.provider.ModelProvider.TokenCounts;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Counts the tokens and cost of a heartbeat, reports them to the runtime, and checks them against the limits. For one thread. */
final class UsageMeter {

  /** What the last words take. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final WorkContext context;
  private final AgentLoopLimits agentLoopLimits;
  private final ModelPriceTable modelPriceTable;
  private final Clock clock;
  private final Instant began;
  private final Set<String> models = new LinkedHashSet<>();
  private int steps;
  private long input;
  private long cached;
  private long output;
  private BigDecimal usd = BigDecimal.ZERO;
  private boolean priceKnown = true;

  UsageMeter(WorkContext context, AgentLoopLimits agentLoopLimits, ModelPriceTable modelPriceTable, Clock clock) {
    this.context = context;
    this.agentLoopLimits = agentLoopLimits;
    this.modelPriceTable = modelPriceTable;
    this.clock = clock;
    this.began = clock.instant();
  }

  void add(ModelSettings model, TokenCounts tokenCounts) {
    models.add(model.name());
    steps++;
    input += tokenCounts.input();
    cached += tokenCounts.cacheRead();
    output += tokenCounts.output();
    Optional<BigDecimal> cost = modelPriceTable.of(model.name(), tokenCounts.input(), tokenCounts.cacheRead(),
        tokenCounts.cacheWritten(), tokenCounts.output());
    if (cost.isEmpty() && priceKnown) {
      priceKnown = false;
      context.run().reportProgress("no price is known for " + model.name()
          + ": the limit in dollars does not hold, and its cost is reported as 0 (see the setting 'prices')");
    }
    usd = usd.add(cost.orElse(BigDecimal.ZERO));
    context.usage()
        .report(new ProviderUsage(model.provider(), model.name(), tokenCounts.input(), tokenCounts.cacheRead(),
            tokenCounts.output(),
            cost.orElse(BigDecimal.ZERO),
            cost.isPresent() ? ProviderUsage.Billing.METERED : ProviderUsage.Billing.UNPRICED));
  }

  /** The limit that is reached, in words. */
  Optional<String> reachedLimit() {
    if (steps >= agentLoopLimits.steps()) {
      return Optional.of("the limit of " + agentLoopLimits.steps() + " steps is reached");
    }
    if (input - cached + output >= agentLoopLimits.tokens()) {
      return Optional.of("the limit of " + agentLoopLimits.tokens() + " tokens is reached");
    }
    if (usd.compareTo(agentLoopLimits.usd()) >= 0) {
      return Optional.of("the limit of " + agentLoopLimits.usd().toPlainString() + " US dollars is reached");
    }
    if (context.usage().budget().isSpent()) {
      return Optional.of("the agent's budget is spent");
    }
    Instant now = clock.instant();
    if (!now.isBefore(began.plus(agentLoopLimits.time()))) {
      return Optional.of("the time limit of " + describe(agentLoopLimits.time()) + " is reached");
    }
    boolean late = context.run().deadline().filter(deadline -> now.isAfter(deadline.minus(margin(deadline))))
        .isPresent();
    return late ? Optional.of("the heartbeat's time is over") : Optional.empty();
  }

  private Duration margin(Instant deadline) {
    Duration tenth = Duration.between(began, deadline).dividedBy(10);
    return tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN;
  }

  /** The numbers for a person. */
  String describe() {
    String money = priceKnown ? usd.setScale(4, RoundingMode.HALF_UP).toPlainString() + " US dollars by the price list"
        : "price not known";
    return String.format(Locale.ROOT, "%d step(s)%s, %,d tokens in (%,d of them cached), %,d out, %s, %s",
        steps, models.isEmpty() ? "" : " of " + String.join(" and ", models), input, cached, output, money,
        describe(Duration.between(began, clock.instant())));
  }

  private static String describe(Duration duration) {
    return duration.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
