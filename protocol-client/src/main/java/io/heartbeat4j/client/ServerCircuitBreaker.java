package io.heartbeat4j.client;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Spares a server that is down: opens when most of the last calls failed to get through, lets a few try after a while.
 * Refusals and the server's own 429 are answers, and count as health.
 */
final class ServerCircuitBreaker {

  private final Clock clock;
  private final CircuitBreaker breaker;

  ServerCircuitBreaker(ServerUrl url, Clock clock) {
    this.clock = clock;
    this.breaker = CircuitBreaker.of(url.toString(), CircuitBreakerConfig.custom()
        .slidingWindowSize(20)
        .minimumNumberOfCalls(10)
        .failureRateThreshold(80)
        .waitDurationInOpenState(Duration.ofSeconds(5))
        .permittedNumberOfCallsInHalfOpenState(3)
        .clock(clock)
        .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
        .recordException(ServerCircuitBreaker::isServerFailure)
        .build());
  }

  boolean isOpen() {
    return !breaker.tryAcquirePermission();
  }

  void recordSuccess(long started) {
    breaker.onSuccess(clock.millis() - started, TimeUnit.MILLISECONDS);
  }

  void recordFailure(long started, Throwable failure) {
    breaker.onError(clock.millis() - started, TimeUnit.MILLISECONDS, failure);
  }

  private static boolean isServerFailure(Throwable failure) {
    return failure instanceof TransientFailure && !(failure instanceof TooManyRequests);
  }
}
