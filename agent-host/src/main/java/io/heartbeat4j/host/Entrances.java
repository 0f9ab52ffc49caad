package io.heartbeat4j.host;

import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.Listening;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the host listens: HTTP, and a unix socket where one is configured. Closed with the verticle that opens them. */
final class Entrances {

  private static final Logger LOG = LoggerFactory.getLogger(Entrances.class);
  private static final int IDLE_SECONDS = 300; // longer than an answer to the http adapter is held
  private static final int LARGEST_HEADERS = 16 * 1024;

  private final Vertx vertx;
  private final Listening listening;
  private final HostLimits limits;
  private int connections;

  Entrances(Vertx vertx, Listening listening, HostLimits limits) {
    this.vertx = vertx;
    this.listening = listening;
    this.limits = limits;
  }

  /** @param routes adds what is answered */
  Future<HttpServer> http(Consumer<Router> routes) {
    HttpServerOptions options = options()
        .setHost(listening.host())
        .setPort(listening.port());
    listening.tls().ifPresent(tls -> options.setSsl(true).setKeyCertOptions(new PemKeyCertOptions()
        .setCertPath(tls.certificate().toString()).setKeyPath(tls.key().toString())));
    return server(options, routes).listen().recover(failure -> Future.failedFuture(new IOException(
        "can't listen on " + options.getHost() + ":" + options.getPort() + " (" + failure.getMessage()
            + "): if another host is running there, set another listen.port", failure)));
  }

  /** For the owner of the socket's file and its group only. */
  Future<HttpServer> socket(Path path, Consumer<Router> routes) {
    return vertx.executeBlocking(() -> {
          clear(path);
          return path;
        }, false)
        .compose(free -> server(options().setIdleTimeout(0), routes).listen(SocketAddress.domainSocketAddress(path.toString())))
        .compose(open -> vertx.executeBlocking(() -> {
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
          return open;
        }, false));
  }

  private static void clear(Path path) {
    try {
      if (path.getParent() != null) {
        Files.createDirectories(path.getParent());
      }
      Files.deleteIfExists(path); // left by a host that was killed: only one has the store of runs
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the socket " + path + " can't be made", unwritable);
    }
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setMaxHeaderSize(LARGEST_HEADERS)
        .setIdleTimeout(IDLE_SECONDS);
  }

  private HttpServer server(HttpServerOptions options, Consumer<Router> routes) {
    Router router = Router.router(vertx);
    router.route().handler(BodyHandler.create(false).setBodyLimit(limits.bodyBytes()));
    routes.accept(router);
    router.route().failureHandler(context -> {
      if (!context.response().ended()) {
        context.response().setStatusCode(context.statusCode() > 0 ? context.statusCode() : 500).end();
      }
      if (context.failure() != null && context.statusCode() <= 0) {
        LOG.error("{} {} failed", context.request().method(), context.request().path(), context.failure());
      }
    });
    return vertx.createHttpServer(options)
        .connectionHandler(connection -> {
          if (++connections > limits.connections()) {
            connection.close();
          }
          connection.closeHandler(closed -> connections--);
        })
        .requestHandler(router);
  }
}
