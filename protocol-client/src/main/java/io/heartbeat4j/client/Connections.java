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
 * The connections to one server, a share for each event loop: over a connection of another loop each piece of an answer
 * would change threads. Thread-safe.
 */
final class Connections {

  private final List<HttpClient> shares;
  private final Map<Thread, HttpClient> own = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param connections how many at most, but at least one a loop
   * @param loops from how many event loops they are used; further ones share with these
   */
  Connections(Vertx vertx, HttpClientOptions options, int connections, int loops) {
    PoolOptions share = new PoolOptions().setHttp1MaxSize(Math.max(1, connections / loops));
    this.shares = Stream.<HttpClient>generate(() -> vertx.createHttpClient(options, share)).limit(loops).toList();
  }

  Future<HttpClientRequest> request(RequestOptions target) {
    return mine().request(target);
  }

  private HttpClient mine() {
    return Context.isOnEventLoopThread()
        ? own.computeIfAbsent(Thread.currentThread(), loop -> shares.get(next.getAndIncrement() % shares.size()))
        : shares.get(0);
  }

  Future<Void> close() {
    return Future.join(shares.stream().map(HttpClient::close).toList()).mapEmpty();
  }
}
