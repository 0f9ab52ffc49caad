package io.heartbeat4j.cli.dev;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * Tells the page's requests from those that another site makes the author's browser send. A site whose name was pointed
 * to loopback (DNS rebinding) sends its own name as the host; a site that posts to loopback sends its own origin, and
 * can't send JSON without a permission that nobody gives.
 */
final class RequestOrigin {

  private RequestOrigin() {}

  static boolean isOwn(HttpServerRequest request) {
    int port = request.localAddress().port();
    Set<String> hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    return hosts.contains(header(request, HttpHeaders.HOST))
        && (request.method().equals(HttpMethod.GET) || isOwnWrite(request, hosts));
  }

  private static boolean isOwnWrite(HttpServerRequest request, Set<String> hosts) {
    String origin = header(request, HttpHeaders.ORIGIN);
    return (origin.isEmpty() || hosts.stream().anyMatch(host -> origin.equals("http://" + host)))
        && header(request, HttpHeaders.CONTENT_TYPE).split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  private static String header(HttpServerRequest request, CharSequence name) {
    String value = request.getHeader(name);
    return value == null ? "" : value;
  }
}
