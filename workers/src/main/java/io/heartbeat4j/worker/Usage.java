package io.heartbeat4j.worker;

import java.math.BigDecimal;

/**
 * What one call of a provider used. Reported as it happens; the runtime adds up and tells the server once.
 *
 * @param inputTokens all input, {@code cachedInputTokens} included
 * @param costUsd US dollars, not rounded; zero where the provider bills nothing
 * @param imputed whether the cost was worked out from a price list, not told by the provider
 */
public record Usage(
    String provider,
    String model,
    long inputTokens,
    long cachedInputTokens,
    long outputTokens,
    BigDecimal costUsd,
    boolean imputed) {

  public Usage {
    if (inputTokens < 0 || cachedInputTokens < 0 || outputTokens < 0 || costUsd.signum() < 0) {
      throw new IllegalArgumentException("usage counts from 0 up: " + provider + "/" + model);
    }
  }

  /** A cost that the provider told. */
  public Usage(
      String provider, String model, long inputTokens, long cachedInputTokens, long outputTokens, BigDecimal costUsd) {
    this(provider, model, inputTokens, cachedInputTokens, outputTokens, costUsd, false);
  }
}
