package io.heartbeat4j.cli.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy between the agents and the server. It counts the conflicts, and lets the board act between an agent's pick and
 * its checkout.
 */
final class InterceptingProxy {

  private final Vertx vertx;
  private final URI server;
  private final HttpClient client;
  private final Map<String, Runnable> beforeCheckout = new ConcurrentHashMap<>();
  private final AtomicInteger conflictCount = new AtomicInteger();

  InterceptingProxy(Vertx vertx, String server) {
    this.vertx = vertx;
    this.server = URI.create(server);
    this.client = vertx.createHttpClient();
  }

  /** Starts to listen on loopback; the result is the URL. */
  Future<String> start() {
    return vertx.createHttpServer()
        .requestHandler(this::handle)
        .listen(0, "127.0.0.1")
        .map(open -> "http://127.0.0.1:" + open.actualPort());
  }

  /** Runs {@code action} once, before the first checkout request for this issue is forwarded; it may block. */
  void beforeCheckout(String issue, Runnable action) {
    beforeCheckout.put("/api/issues/" + issue + "/checkout", action);
  }

  /** The number of 409 responses. */
  int conflictCount() {
    return conflictCount.get();
  }

  private void handle(HttpServerRequest request) {
    request.body()
        .compose(body -> runAction(request).compose(done -> forward(request, body)))
        .onFailure(broken -> request.response().setStatusCode(502).end());
  }

  private Future<Void> runAction(HttpServerRequest request) {
    Runnable action = beforeCheckout.remove(request.path());
    return action == null ? Future.succeededFuture() : vertx.executeBlocking(() -> {
      action.run();
      return null;
    });
  }

  private Future<Void> forward(HttpServerRequest request, Buffer body) {
    RequestOptions target = new RequestOptions()
        .setMethod(request.method()).setHost(server.getHost()).setPort(server.getPort()).setURI(request.uri());
    return client.request(target).compose(onward -> {
      request.headers().forEach((name, value) -> {
        if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
          onward.putHeader(name, value);
        }
      });
      return onward.send(body);
    }).compose(answer -> answer.body().compose(content -> {
      if (answer.statusCode() == 409) {
        conflictCount.incrementAndGet();
      }
      request.response().setStatusCode(answer.statusCode());
      answer.headers().forEach((name, value) -> {
        if (!name.equalsIgnoreCase("content-length") && !name.equalsIgnoreCase("transfer-encoding")
            && !name.equalsIgnoreCase("connection") && !name.equalsIgnoreCase("keep-alive")) {
          request.response().putHeader(name, value);
        }
      });
      return request.response().end(content);
    }));
  }
}
