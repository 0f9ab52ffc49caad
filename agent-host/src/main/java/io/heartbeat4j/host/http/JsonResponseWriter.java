package io.heartbeat4j.host.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes JSON responses; none where the client has disconnected. */
final class JsonResponseWriter {

  private static final Logger LOG = LoggerFactory.getLogger(JsonResponseWriter.class);

  private JsonResponseWriter() {}

  static void send(RoutingContext context, int status, JsonObject body) {
    if (!context.response().ended() && !context.response().closed()) {
      context.response().setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(body.encode());
    }
  }

  static void sendError(RoutingContext context, int status, String why) {
    send(context, status, new JsonObject().put("error", why));
  }

  static void sendRetryLater(RoutingContext context, int status, String why, Duration when) {
    context.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(when.toSeconds()));
    sendError(context, status, why);
  }

  /** The server could not be asked about a wake. */
  static void sendUnavailable(RoutingContext context, Throwable failure) {
    sendUnavailable(context, failure, "");
  }

  /** The server could not be asked about a wake, and who has shown the agent's own key may know why. */
  static void sendUnavailableWithReason(RoutingContext context, Throwable failure) {
    sendUnavailable(context, failure, ": " + failure.getMessage());
  }

  private static void sendUnavailable(RoutingContext context, Throwable failure, String reason) {
    LOG.warn("a wake could not be taken in: {}", failure.getMessage());
    sendRetryLater(context, 503, "the run could not be looked up" + reason, Duration.ofSeconds(5));
  }
}
