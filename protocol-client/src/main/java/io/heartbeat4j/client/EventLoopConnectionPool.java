package io.heartbeat4j.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Connection pool with a share per event loop: over another loop's connection every chunk of a response would change
 * threads. Thread-safe.
 */
final class EventLoopConnectionPool {

  private final List<HttpClient> clients;
  private final Map<Thread, HttpClient> clientByThread = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param connections how many at most, but at least one a loop
   * @param loops from how many event loops they are used; further ones share with these
   */
  EventLoopConnectionPool(Vertx vertx, HttpClientOptions options, int connections, int loops) {
    PoolOptions share = new PoolOptions().setHttp1MaxSize(Math.max(1, connections / loops));
    this.clients = Stream.<HttpClient>generate(() -> vertx.createHttpClient(options, share)).limit(loops).toList();
  }

  Future<HttpClientRequest> request(RequestOptions target) {
    return currentClient().request(target);
  }

  private HttpClient currentClient() {
    return Context.isOnEventLoopThread()
        ? clientByThread.computeIfAbsent(Thread.currentThread(),
            loop -> clients.get(next.getAndIncrement() % clients.size()))
        : clients.get(0);
  }

  Future<Void> close() {
    return Future.join(clients.stream().map(HttpClient::close).toList()).mapEmpty();
  }
}
