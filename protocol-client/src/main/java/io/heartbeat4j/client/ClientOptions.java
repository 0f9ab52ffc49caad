package io.heartbeat4j.client;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * How the client behaves towards one server.
 *
 * @param connectTimeout for the TCP connection, and again for the TLS handshake
 * @param requestTimeout for one attempt from the connection to the last byte of the answer; less than 170 s, after
 *     which idle connections are dropped (the server drops them after 185 s, contract section 1)
 * @param maxResponseBytes the largest answer taken, after decompression
 * @param maxAttempts how often a read is tried in all; writes are tried twice at most
 * @param firstBackOff the longest wait before the second attempt; it doubles with each further one
 * @param maxBackOff the longest wait before any attempt
 * @param maxRetryAfter the longest wait that a server can ask for; a longer one fails the call at once
 * @param poolSize how many connections are open at most, but at least one a loop
 * @param eventLoops from how many event loops the client is used; each has its share of the connections
 * @param random for the jitter; thread-safe
 */
public record ClientOptions(
    Duration connectTimeout,
    Duration requestTimeout,
    int maxResponseBytes,
    int maxAttempts,
    Duration firstBackOff,
    Duration maxBackOff,
    Duration maxRetryAfter,
    int poolSize,
    int eventLoops,
    String userAgent,
    RandomGenerator random) {

  /** The longest that a connection lives: below the server's 185 s, so that the client is the one to close. */
  static final Duration CONNECTION_LIFETIME = Duration.ofSeconds(170);

  public ClientOptions {
    positive("connectTimeout", connectTimeout);
    positive("requestTimeout", requestTimeout);
    positive("firstBackOff", firstBackOff);
    positive("maxBackOff", maxBackOff);
    if (requestTimeout.compareTo(CONNECTION_LIFETIME) >= 0) {
      throw new IllegalArgumentException(
          "requestTimeout is " + requestTimeout + ": it must be below " + CONNECTION_LIFETIME);
    }
    if (maxRetryAfter.isNegative()) {
      throw new IllegalArgumentException("maxRetryAfter is negative: " + maxRetryAfter);
    }
    if (maxResponseBytes < 1 || maxAttempts < 1 || poolSize < 1 || eventLoops < 1) {
      throw new IllegalArgumentException("maxAnswerBytes, maxAttempts, poolSize and loops are at least 1");
    }
    if (userAgent.isBlank()) {
      throw new IllegalArgumentException("userAgent is blank");
    }
  }

  public static ClientOptions defaults() {
    return new ClientOptions(
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        32 * 1024 * 1024,
        5,
        Duration.ofMillis(250),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        32,
        1,
        "heartbeat4j",
        new Random());
  }

  public ClientOptions withTimeouts(Duration connect, Duration request) {
    return new ClientOptions(
        connect, request, maxResponseBytes, maxAttempts, firstBackOff, maxBackOff, maxRetryAfter, poolSize, eventLoops,
        userAgent, random);
  }

  public ClientOptions withMaxResponseBytes(int bytes) {
    return new ClientOptions(
        connectTimeout, requestTimeout, bytes, maxAttempts, firstBackOff, maxBackOff, maxRetryAfter, poolSize,
        eventLoops, userAgent, random);
  }

  public ClientOptions withMaxAttempts(int attempts) {
    return new ClientOptions(
        connectTimeout, requestTimeout, maxResponseBytes, attempts, firstBackOff, maxBackOff, maxRetryAfter, poolSize,
        eventLoops, userAgent, random);
  }

  public ClientOptions withBackOff(Duration first, Duration max) {
    return new ClientOptions(
        connectTimeout, requestTimeout, maxResponseBytes, maxAttempts, first, max, maxRetryAfter, poolSize, eventLoops,
        userAgent, random);
  }

  public ClientOptions withMaxRetryAfter(Duration max) {
    return new ClientOptions(
        connectTimeout, requestTimeout, maxResponseBytes, maxAttempts, firstBackOff, maxBackOff, max, poolSize,
        eventLoops, userAgent, random);
  }

  public ClientOptions withPoolSize(int connections) {
    return new ClientOptions(
        connectTimeout, requestTimeout, maxResponseBytes, maxAttempts, firstBackOff, maxBackOff, maxRetryAfter,
        connections, eventLoops, userAgent, random);
  }

  public ClientOptions withEventLoops(int number) {
    return new ClientOptions(
        connectTimeout, requestTimeout, maxResponseBytes, maxAttempts, firstBackOff, maxBackOff, maxRetryAfter,
        poolSize, number, userAgent, random);
  }

  public ClientOptions withUserAgent(String name) {
    return new ClientOptions(
        connectTimeout, requestTimeout, maxResponseBytes, maxAttempts, firstBackOff, maxBackOff, maxRetryAfter,
        poolSize, eventLoops, name, random);
  }

  public ClientOptions withRandom(RandomGenerator generator) {
    return new ClientOptions(
        connectTimeout, requestTimeout, maxResponseBytes, maxAttempts, firstBackOff, maxBackOff, maxRetryAfter,
        poolSize, eventLoops, userAgent, generator);
  }

  private static void positive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + duration);
    }
  }
}
