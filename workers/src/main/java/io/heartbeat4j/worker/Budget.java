package io.heartbeat4j.worker;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * What work may still use. A worker that spends tokens or money looks at it between its calls; the runtime does not
 * stop work that goes over it.
 *
 * @param remainingTokens input and output together; empty where nothing limits them
 * @param remainingUsd US dollars; empty where nothing limits them
 */
@API(status = API.Status.STABLE, since = "1.0")
public record Budget(Optional<Long> remainingTokens, Optional<BigDecimal> remainingUsd) {

  public static final Budget UNLIMITED = new Budget(Optional.empty(), Optional.empty());

  public boolean isSpent() {
    return remainingTokens.filter(tokens -> tokens <= 0).isPresent()
        || remainingUsd.filter(usd -> usd.signum() <= 0).isPresent();
  }

  /** The smaller of the two limits, for tokens and for money. */
  public Budget narrowest(Budget other) {
    return new Budget(
        least(remainingTokens, other.remainingTokens), least(remainingUsd, other.remainingUsd));
  }

  /** What is left after {@code used}; cached input counts as input. */
  public Budget minus(ProviderUsage used) {
    return new Budget(
        remainingTokens.map(tokens -> tokens - used.inputTokens() - used.outputTokens()),
        remainingUsd.map(usd -> usd.subtract(used.costUsd())));
  }

  private static <T extends Comparable<T>> Optional<T> least(Optional<T> one, Optional<T> other) {
    return Stream.of(one, other).flatMap(Optional::stream).min(Comparable::compareTo);
  }
}
