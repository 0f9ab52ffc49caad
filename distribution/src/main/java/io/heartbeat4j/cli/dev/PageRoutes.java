package io.heartbeat4j.cli.dev;

import io.heartbeat4j.host.http.ServerSentEventStream;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The page's files and its stream of events. */
final class PageRoutes {

  private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
      + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final EventFeed feed;

  PageRoutes(EventFeed feed) {
    this.feed = feed;
  }

  void mount(Router router) {
    file(router, "/", "index.html", "text/html; charset=utf-8");
    file(router, "/dev.css", "dev.css", "text/css; charset=utf-8");
    file(router, "/dev.js", "dev.js", "text/javascript; charset=utf-8");
    router.get("/events").handler(this::events);
  }

  private static void file(Router router, String path, String name, String type) {
    Buffer content = read(name);
    router.get(path).handler(context -> context.response()
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .end(content));
  }

  private static Buffer read(String name) {
    try (InputStream file = Objects.requireNonNull(PageRoutes.class.getResourceAsStream(name), name)) {
      return Buffer.buffer(file.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void events(RoutingContext request) {
    Context loop = request.vertx().getOrCreateContext();
    Runnable[] stop = {() -> {}};
    ServerSentEventStream stream = ServerSentEventStream.open(request.vertx(), request.response(),
        () -> stop[0].run());
    stop[0] = feed.subscribe(event -> loop.runOnContext(now -> stream.send(event)));
  }
}
