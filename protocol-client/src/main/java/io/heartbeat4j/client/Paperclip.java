package io.heartbeat4j.client;

import io.heartbeat4j.protocol.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;

/** One Paperclip server, with its connections and its circuit breaker. Thread-safe; shared by all agents of the server. */
public final class Paperclip {

  private final Transport transport;

  private Paperclip(Transport transport) {
    this.transport = transport;
  }

  /** Connects lazily: nothing is sent before the first call. */
  public static Paperclip connect(Vertx vertx, ServerUrl url, ClientOptions options) {
    return new Paperclip(new Transport(vertx, url, options));
  }

  public ServerUrl url() {
    return transport.url();
  }

  /** {@code GET /api/health}; needs no token. */
  public Future<Health> health() {
    return transport.send(new Call<>(
        HttpMethod.GET, "/api/health", null, null, null, false, Repeat.READ, Reading.one(Health.class)));
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
