package io.heartbeat4j.worker;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What work may still use. A worker that spends tokens or money looks at it between its calls; the runtime does not
 * stop work that goes over it.
 *
 * @param tokensLeft input and output together; null where nothing limits them
 * @param usdLeft US dollars; null where nothing limits them
 */
public record Budget(@Nullable Long tokensLeft, @Nullable BigDecimal usdLeft) {

  public static final Budget UNLIMITED = new Budget(null, null);

  public Optional<Long> remainingTokens() {
    return Optional.ofNullable(tokensLeft);
  }

  public Optional<BigDecimal> remainingUsd() {
    return Optional.ofNullable(usdLeft);
  }

  public boolean isSpent() {
    return (tokensLeft != null && tokensLeft <= 0) || (usdLeft != null && usdLeft.signum() <= 0);
  }

  /** The narrower of the two, each in its own measure. */
  public Budget narrowest(Budget other) {
    return new Budget(least(tokensLeft, other.tokensLeft), least(usdLeft, other.usdLeft));
  }

  /** What is left after {@code usage}; cached input counts as input. */
  public Budget minus(ProviderUsage providerUsage) {
    return new Budget(
        tokensLeft == null ? null : tokensLeft - providerUsage.inputTokens() - providerUsage.outputTokens(),
        usdLeft == null ? null : usdLeft.subtract(providerUsage.costUsd()));
  }

  private static <T extends Comparable<T>> @Nullable T least(@Nullable T one, @Nullable T other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }
}
