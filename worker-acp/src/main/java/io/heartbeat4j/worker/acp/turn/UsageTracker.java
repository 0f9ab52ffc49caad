package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkUsage;
import io.heartbeat4j.worker.agent.ModelPriceTable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads what a run uses from the three places where programs tell it: per call of the model in {@code _meta.usage} of a
 * message's chunk, per turn in the answer to {@code session/prompt}, and the session's cost so far in {@code
 * usage_update}. It is reported as it comes, each token and each cent once. Thread-safe.
 */
public final class UsageTracker {

  private static final Optional<ProviderUsage.Billing> BY_PRICES = Optional.of(ProviderUsage.Billing.METERED);

  private final WorkUsage usage;
  private final String provider;
  private final String model;
  private final ModelPriceTable prices;
  private BigDecimal sessionUsd = BigDecimal.ZERO;
  private BigDecimal usd = BigDecimal.ZERO;
  private Optional<ProviderUsage.Billing> billing = Optional.empty();
  private TokenUsage turn = TokenUsage.NONE;
  private TokenUsage all = TokenUsage.NONE;
  private int turns;

  /** @param prices for a program that tells no cost itself */
  public UsageTracker(WorkUsage usage, String provider, String model, ModelPriceTable prices) {
    this.usage = usage;
    this.provider = provider;
    this.model = model;
    this.prices = prices;
  }

  /** Takes what the session had cost when it was last heard of; nothing for a new one. */
  public synchronized void continueFrom(BigDecimal usdSoFar) {
    sessionUsd = usdSoFar;
  }

  synchronized void startTurn() {
    turns++;
    turn = TokenUsage.NONE;
  }

  /** Takes an update of the session, whatever its kind. */
  synchronized void update(JsonNode update) {
    JsonNode perCall = update.path("_meta").path("usage");
    if (perCall.isObject()) {
      report(TokenUsage.of(perCall));
    }
    JsonNode cost = update.path("cost");
    if (update.path("sessionUpdate").asText().equals("usage_update") && cost.path("amount").isNumber()
        && cost.path("currency").asText("USD").equalsIgnoreCase("USD") && cost.path("amount").asDouble() >= 0) {
      BigDecimal sum = cost.path("amount").decimalValue();
      // a program that has forgotten the session's earlier cost begins at nothing
      BigDecimal more = sum.compareTo(sessionUsd) >= 0 ? sum.subtract(sessionUsd) : sum;
      sessionUsd = sum;
      // what the price list has counted of it before
      BigDecimal counted = billing.equals(BY_PRICES) ? usd : BigDecimal.ZERO;
      billing = Optional.of(ProviderUsage.Billing.UNKNOWN);
      report(TokenUsage.NONE, more.subtract(counted).max(BigDecimal.ZERO));
    }
  }

  /** Takes the answer to {@code session/prompt}: what it tells of the turn and no update has told. */
  synchronized void endTurn(JsonNode answer) {
    if (answer.path("usage").isObject()) {
      report(TokenUsage.of(answer.path("usage")).minus(turn));
    }
  }

  private void report(TokenUsage tokens) {
    Optional<BigDecimal> cost = billing.isEmpty() || billing.equals(BY_PRICES)
        ? prices.of(model, tokens.input(), tokens.cached(), 0, tokens.output())
        : Optional.empty();
    if (cost.isPresent()) {
      billing = BY_PRICES;
    }
    report(tokens, cost.orElse(BigDecimal.ZERO));
  }

  private void report(TokenUsage tokens, BigDecimal cost) {
    turn = turn.plus(tokens);
    all = all.plus(tokens);
    usd = usd.add(cost);
    if (!tokens.equals(TokenUsage.NONE) || cost.signum() > 0) {
      usage.report(new ProviderUsage(provider, model, tokens.input(), tokens.cached(), tokens.output(), cost,
          billing.orElse(ProviderUsage.Billing.UNPRICED)));
    }
  }

  boolean isBudgetSpent() {
    return usage.budget().isSpent();
  }

  /** What the session has cost so far, as the program says. */
  public synchronized BigDecimal sessionUsd() {
    return sessionUsd;
  }

  /** The numbers for a person. */
  public synchronized String describe() {
    return String.format(Locale.ROOT, "%d turn(s), %,d tokens in (%,d of them cached), %,d out, %s", turns, all.input(),
        all.cached(), all.output(),
        billing.map(by -> usd.setScale(4, RoundingMode.HALF_UP).toPlainString() + " US dollars by "
            + (billing.equals(BY_PRICES) ? "the price list" : "the agent's program")).orElse("price not known"));
  }
}
