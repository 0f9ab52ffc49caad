package io.example.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbeat4j.heartbeat.HeartbeatRunner;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Inject;
import java.security.MessageDigest;

/** The application's HTTP server: {@code GET /stock/ARTICLE}, and {@code POST /wakes} for Paperclip's http adapter. */
final class ShopServer {

  private final Vertx vertx;
  private final Inventory inventory;
  private final AgentSettings settings;
  private final HeartbeatRunner heartbeats;

  @Inject
  ShopServer(Vertx vertx, Inventory inventory, AgentSettings settings, HeartbeatRunner heartbeats) {
    this.vertx = vertx;
    this.inventory = inventory;
    this.settings = settings;
    this.heartbeats = heartbeats;
  }

  Future<HttpServer> listen(int port) {
    return vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
  }

  /** Completes when the running heartbeats have settled their issues. */
  Future<Void> close() {
    return heartbeats.close();
  }

  private void handle(HttpServerRequest request) {
    if (request.method() == HttpMethod.POST && request.path().equals("/wakes")) {
      wake(request);
    } else if (request.path().startsWith("/stock/")) {
      request.response().end(String.valueOf(inventory.count(request.path().substring("/stock/".length()))));
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  /** Answers when the heartbeat has ended, because the answer ends the run. */
  private void wake(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    byte[] shown = String.valueOf(request.getHeader("authorization")).getBytes(UTF_8);
    if (!MessageDigest.isEqual(shown, ("Bearer " + settings.accessKey()).getBytes(UTF_8))) {
      response.setStatusCode(401).end();
      return;
    }
    request.body()
        .compose(body -> heartbeats.start(settings.wake(RunId.of(body.toJsonObject().getString("runId")))).outcome())
        .onSuccess(outcome -> response.end(outcome.summary()))
        .onFailure(failed -> response.setStatusCode(500).end(String.valueOf(failed.getMessage())));
  }
}
