package io.heartbeat4j.worker;

import java.math.BigDecimal;

/**
 * What one call of a provider used. Reported as it happens; the runtime adds up and tells the server once.
 *
 * @param costUsd US dollars, not rounded; zero where the provider bills nothing
 */
public record Usage(
    String provider, String model, long inputTokens, long cachedInputTokens, long outputTokens, BigDecimal costUsd) {

  public Usage {
    if (inputTokens < 0 || cachedInputTokens < 0 || outputTokens < 0 || costUsd.signum() < 0) {
      throw new IllegalArgumentException("usage counts from 0 up: " + provider + "/" + model);
    }
  }
}
