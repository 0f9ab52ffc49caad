package io.heartbeat4j.cli.dev;

import io.heartbeat4j.worker.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;

/** Serves the page on loopback, to itself only. */
final class PageServer {

  private final EventFeed feed;
  private final BoardRoutes boardRoutes;

  PageServer(EventFeed feed, BoardRoutes boardRoutes) {
    this.feed = feed;
    this.boardRoutes = boardRoutes;
  }

  /**
   * Starts to listen; the result is the port.
   *
   * <p>Fails with a {@link SettingsException} if the port is in use.
   */
  Future<Integer> listen(Vertx vertx, int port) {
    Router router = Router.router(vertx);
    router.route().handler(context -> {
      if (RequestOrigin.isOwn(context.request())) {
        context.next();
      } else {
        context.response().setStatusCode(403).end("this request is not of the page of 'heartbeat dev'\n");
      }
    });
    new PageRoutes(feed).mount(router);
    boardRoutes.mount(router);
    return vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false)).requestHandler(router)
        .listen(port, "127.0.0.1")
        .map(HttpServer::actualPort)
        .recover(failure -> Future.failedFuture(failure instanceof BindException
            ? new SettingsException("port " + port + " of 127.0.0.1 can't be used (" + failure.getMessage()
                + "): name another with --port, or leave it out for any free one")
            : failure));
  }
}
