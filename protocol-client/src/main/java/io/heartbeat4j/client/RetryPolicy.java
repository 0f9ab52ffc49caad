package io.heartbeat4j.client;

import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;

/**
 * When a request is sent again: the one place that configures Resilience4j's Retry. Only a {@link TransientFailure} is
 * ever listed (and for a keyed create the 500 behind which it may exist), so a 409 reaches the server once.
 *
 * <p>The wait doubles with full jitter between a half and the whole; a time that the server names is kept to, or, if it
 * is longer than the options allow, the call fails at once.
 */
final class RetryPolicy {

  private static final int MAX_WRITE_ATTEMPTS = 2;

  private final ClientOptions options;
  private final Retry read;
  private final Retry keyed;
  private final Retry keyedCreate;
  private final Retry unkeyed;

  RetryPolicy(ClientOptions options) {
    this.options = options;
    this.read = createRetry(RetryMode.READ, options.maxAttempts());
    this.keyed = createRetry(RetryMode.KEYED, Math.min(MAX_WRITE_ATTEMPTS, options.maxAttempts()));
    this.keyedCreate = createRetry(RetryMode.KEYED_CREATE, Math.min(MAX_WRITE_ATTEMPTS, options.maxAttempts()));
    this.unkeyed = createRetry(RetryMode.UNKEYED, Math.min(MAX_WRITE_ATTEMPTS, options.maxAttempts()));
  }

  Retry retryFor(RetryMode retryMode) {
    return switch (retryMode) {
      case READ -> read;
      case KEYED -> keyed;
      case KEYED_CREATE -> keyedCreate;
      case UNKEYED -> unkeyed;
    };
  }

  private Retry createRetry(RetryMode retryMode, int attempts) {
    return Retry.of("paperclip-" + retryMode, RetryConfig.custom()
        .maxAttempts(attempts)
        .retryOnException(failure -> shouldRetry(retryMode, failure))
        .intervalBiFunction((attempt, outcome) -> waitMillis(attempt, outcome))
        .build());
  }

  boolean shouldRetry(RetryMode retryMode, Throwable failure) {
    if (failure instanceof ServerError) {
      return retryMode == RetryMode.KEYED_CREATE;
    }
    return failure instanceof TransientFailure passing
        && (retryMode != RetryMode.UNKEYED || !passing.mayHaveBeenProcessed())
        && passing.retryAfter().filter(wait -> wait.compareTo(options.maxRetryAfter()) > 0).isEmpty();
  }

  private long waitMillis(int attempt, Either<Throwable, Object> outcome) {
    long named = outcome.getLeft() instanceof TransientFailure passing
        ? passing.retryAfter().map(Duration::toMillis).orElse(0L)
        : 0L;
    return Math.max(named, backOffMillis(attempt));
  }

  /** For the wait after attempt number {@code attempt}, which counts from 1. */
  long backOffMillis(int attempt) {
    long longest = Math.min(
        options.maxBackOff().toMillis(),
        options.firstBackOff().toMillis() << Math.min(20, Math.max(0, attempt - 1)));
    return Math.max(1, longest / 2 + (long) (options.random().nextDouble() * (longest - longest / 2)));
  }
}
