package io.heartbeat4j.client;

import io.heartbeat4j.protocol.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** One Paperclip server, with its connections and its circuit breaker. Thread-safe; shared by all agents of the server. */
public final class Paperclip {

  private final Transport transport;

  private Paperclip(Transport transport) {
    this.transport = transport;
  }

  /** Connects lazily: nothing is sent before the first call. */
  public static Paperclip connect(Vertx vertx, ServerUrl url, ClientOptions options) {
    return new Paperclip(
        new Transport(Loop.of(vertx, Clock.systemUTC()), url, options, new Exchange(vertx, url, options)));
  }

  /** A server that is reached in another way than by HTTP, such as one in this process. */
  public static Paperclip over(Wire wire, Loop loop, ServerUrl url, ClientOptions options) {
    return new Paperclip(new Transport(loop, url, options, new WireAttempts(wire, options)));
  }

  public ServerUrl url() {
    return transport.url();
  }

  /** {@code GET /api/health}; needs no token. */
  public Future<Health> health() {
    return transport.send(new Call<>(
        HttpMethod.GET, "/api/health", null, null, null, false, Repeat.READ, Reading.one(Health.class)));
  }

  /**
   * How far the server's clock is ahead of this machine's, by the whole second of its Date header; empty where the server
   * does not tell its time.
   */
  public Future<Optional<Duration>> clockAhead() {
    return transport.send(new Call<>(
        HttpMethod.GET, "/api/health", null, null, null, false, Repeat.READ,
        answer -> Optional.ofNullable(answer.header("date")).flatMap(Paperclip::ahead)));
  }

  private static Optional<Duration> ahead(String date) {
    try {
      return Optional.of(
          Duration.between(Instant.now(), DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from)));
    } catch (DateTimeParseException odd) {
      return Optional.empty();
    }
  }

  /** What an agent may do with its token. The token is not tried here. */
  public AgentSession as(AgentToken token) {
    return new AgentSession(transport, token);
  }

  /** Closes the connections; calls under way fail. */
  public Future<Void> close() {
    return transport.close();
  }
}
