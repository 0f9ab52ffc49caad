package io.heartbeat4j.host;

import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the HTTP listener, and the unix socket where one is configured. Both are closed with their verticle. */
final class HttpServerFactory {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServerFactory.class);
  private static final int IDLE_SECONDS = 300; // longer than an answer to the http adapter is held
  private static final int LARGEST_HEADERS = 16 * 1024;
  private static final int LARGEST_DISCARDED_BODY = 64 * 1024;

  private final Vertx vertx;
  private final HttpServerConfiguration httpServer;
  private final ConnectionLimiter tcpConnections;

  HttpServerFactory(Vertx vertx, HttpServerConfiguration httpServer, HostLimits limits) {
    this.vertx = vertx;
    this.httpServer = httpServer;
    this.tcpConnections = new ConnectionLimiter(vertx, limits.connections());
  }

  /** @param routes adds what is answered; tells the limiter of the keys that it sees */
  Future<HttpServer> listenOnTcp(BiConsumer<Router, ConnectionLimiter> routes) {
    HttpServerOptions options = serverOptions()
        .setHost(httpServer.host())
        .setPort(httpServer.port());
    httpServer.tls().ifPresent(tlsFiles -> options.setSsl(true).setKeyCertOptions(new PemKeyCertOptions()
        .setCertPath(tlsFiles.certificate().toString()).setKeyPath(tlsFiles.key().toString())));
    return createServer(options, tcpConnections, router -> routes.accept(router, tcpConnections)).listen()
        .recover(failure -> Future.failedFuture(new IOException(
            "can't listen on " + options.getHost() + ":" + options.getPort() + " (" + failure.getMessage()
                + "): if another host is running there, set another listen.port",
            failure)));
  }

  /** Accessible to the owner and the group of the socket's file only. */
  Future<HttpServer> listenOnUnixSocket(Path path, Consumer<Router> routes) {
    return vertx.executeBlocking(() -> {
      deleteStaleSocket(path);
      return path;
    }, false)
        .compose(free -> createServer(serverOptions().setIdleTimeout(0),
            new ConnectionLimiter(vertx, Integer.MAX_VALUE), routes)
            .listen(SocketAddress.domainSocketAddress(path.toString())))
        .compose(open -> vertx.executeBlocking(() -> {
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
          return open;
        }, false));
  }

  private static void deleteStaleSocket(Path path) {
    try {
      if (path.getParent() != null) {
        Files.createDirectories(path.getParent());
      }
      Files.deleteIfExists(path); // left by a host that was killed: only one has the store of runs
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the socket " + path + " can't be made", unwritable);
    }
  }

  private static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setMaxHeaderSize(LARGEST_HEADERS)
        .setIdleTimeout(IDLE_SECONDS);
  }

  /**
   * Keeps nothing of a body that no route reads. A route reads it only after it has authenticated the request, with a
   * handler that takes the place of this one.
   */
  private static void discardBody(RoutingContext context) {
    HttpServerRequest request = context.request();
    request.handler(chunk -> {
      if (request.bytesRead() > LARGEST_DISCARDED_BODY) {
        request.connection().close();
      }
    });
    context.next();
  }

  /** A path that can't be decoded fails before any route; without this, Vert.x logs a stack trace for each. */
  private static void refuse(RoutingContext malformed) {
    if (!malformed.response().ended()) {
      malformed.response().setStatusCode(400).end();
    }
  }

  /** A body that is not HTTP fails with the status that the response has so far, which is 200. */
  private static void sendFailure(RoutingContext context) {
    int status = context.statusCode() < 0 ? 500 : context.statusCode() < 400 ? 400 : context.statusCode();
    if (!context.response().ended()) {
      context.response().setStatusCode(status).end();
    }
    if (status == 500 && context.failure() != null) {
      LOG.error("{} {} failed", context.request().method(), context.request().path(), context.failure());
    }
  }

  private HttpServer createServer(HttpServerOptions options, ConnectionLimiter connections, Consumer<Router> routes) {
    Router router = Router.router(vertx);
    router.route().handler(HttpServerFactory::discardBody);
    routes.accept(router);
    router.route().failureHandler(HttpServerFactory::sendFailure);
    router.errorHandler(400, HttpServerFactory::refuse);
    return vertx.createHttpServer(options)
        .connectionHandler(connections::accept)
        .requestHandler(request -> {
          connections.onRequest(request.connection());
          router.handle(request);
        });
  }
}
