package io.heartbeat4j.worker;

import java.math.BigDecimal;
import org.apiguardian.api.API;

/**
 * What one call of a provider used. Reported as it happens; the runtime adds up and tells the server once.
 *
 * @param inputTokens all input, {@code cachedInputTokens} included
 * @param costUsd US dollars, not rounded; zero where the provider bills nothing
 */
@API(status = API.Status.STABLE, since = "1.0")
public record ProviderUsage(
    String provider,
    String model,
    long inputTokens,
    long cachedInputTokens,
    long outputTokens,
    BigDecimal costUsd,
    Billing billing) {

  /** Who pays, and how sure the cost is. */
  public enum Billing {
    /** The worker does not know. */
    UNKNOWN,
    /** Every call is billed. */
    METERED,
    /** A subscription covers it: the cost is imputed, it is what the calls would have cost without one. */
    SUBSCRIPTION,
    /** Tokens are known, their price is not; the cost is zero for want of a better number. */
    UNPRICED
  }

  public ProviderUsage {
    if (inputTokens < 0 || cachedInputTokens < 0 || outputTokens < 0 || costUsd.signum() < 0) {
      throw new IllegalArgumentException("usage counts from 0 up: " + provider + "/" + model);
    }
  }

  /** Of unknown billing. */
  public ProviderUsage(
      String provider, String model, long inputTokens, long cachedInputTokens, long outputTokens, BigDecimal costUsd) {
    this(provider, model, inputTokens, cachedInputTokens, outputTokens, costUsd, Billing.UNKNOWN);
  }

  /** Both together, of the same provider and model. */
  public ProviderUsage plus(ProviderUsage more) {
    return new ProviderUsage(provider, model, inputTokens + more.inputTokens,
        cachedInputTokens + more.cachedInputTokens,
        outputTokens + more.outputTokens, costUsd.add(more.costUsd),
        billing == more.billing ? billing : Billing.UNKNOWN);
  }
}
