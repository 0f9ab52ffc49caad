package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ServerHealth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One Paperclip server, with its connections and its circuit breaker. Thread-safe; shared by all agents of the server.
 */
public final class PaperclipClient {

  private final RetryingTransport retryingTransport;

  private PaperclipClient(RetryingTransport retryingTransport) {
    this.retryingTransport = retryingTransport;
  }

  /** Connects lazily: nothing is sent before the first call. */
  public static PaperclipClient connect(Vertx vertx, ServerUrl url, ClientOptions options) {
    return new PaperclipClient(
        new RetryingTransport(Scheduler.of(vertx, Clock.systemUTC()), url, options,
            new HttpTransport(vertx, url, options)));
  }

  /** A server that is reached in another way than by HTTP, such as one in this process. */
  public static PaperclipClient withTransport(InProcessTransport inProcessTransport, Scheduler scheduler, ServerUrl url,
      ClientOptions options) {
    return new PaperclipClient(
        new RetryingTransport(scheduler, url, options, new InProcessTransportAdapter(inProcessTransport, options)));
  }

  /**
   * The same server for work that has to stop writing as soon as this is false: from then on every request but a GET,
   * and every repetition of one, fails without being sent.
   */
  public PaperclipClient writingWhile(BooleanSupplier allowed) {
    return new PaperclipClient(retryingTransport.writingWhile(allowed));
  }

  public ServerUrl url() {
    return retryingTransport.url();
  }

  /** {@code GET /api/health}; needs no token. */
  public Future<ServerHealth> health() {
    return retryingTransport.send(new ApiRequest<>(
        HttpMethod.GET, "/api/health", null, null, null, false, RetryMode.READ,
        ResponseReader.value(ServerHealth.class)));
  }

  /**
   * How far the server's clock is ahead of this machine's, by the whole second of its Date header; empty where the
   * server does not tell its time.
   */
  public Future<Optional<Duration>> serverClockOffset() {
    return retryingTransport.send(new ApiRequest<>(
        HttpMethod.GET, "/api/health", null, null, null, false, RetryMode.READ,
        apiResponse -> ServerTime.parse(apiResponse).map(date -> Duration.between(Instant.now(), date))));
  }

  /** What an agent may do with its token. The token is not tried here. */
  public AgentSession session(AgentToken token) {
    return new AgentSession(retryingTransport, token);
  }

  /** Closes the connections; calls under way fail. */
  public Future<Void> close() {
    return retryingTransport.close();
  }
}
