package io.heartbeat4j.client;

import io.vertx.core.Future;
import java.util.Map;

/**
 * Transport to a server in the same process, for simulations and embedders: one attempt of a request.
 *
 * <p>A failed future means that there is no answer: a {@link java.net.ConnectException} that the request was certainly
 * not sent, anything else that nobody knows.
 */
@FunctionalInterface
public interface InProcessTransport {

  /** A request as it would stand on the line. Header names are in lower case. */
  record Request(String method, String target, Map<String, String> headers, String body) {
    public Request {
      headers = Map.copyOf(headers);
    }
  }

  /** A whole answer. Header names are in lower case. */
  record Response(int status, Map<String, String> headers, String body) {
    public Response {
      headers = Map.copyOf(headers);
    }
  }

  Future<Response> send(Request request);
}
