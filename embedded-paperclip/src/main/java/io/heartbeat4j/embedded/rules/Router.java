package io.heartbeat4j.embedded.rules;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the handler for a method and a path pattern such as {@code /api/issues/:issue/comments}. */
final class Router {

  /** A handler that responds immediately. */
  @FunctionalInterface
  interface RouteHandler {
    ServerResponse handle(ApiCall apiCall);
  }

  /** A handler that may wait, for example for the end of a process. */
  @FunctionalInterface
  interface AsyncRouteHandler {
    Future<ServerResponse> handle(ApiCall apiCall);
  }

  record RouteMatch(AsyncRouteHandler handler, Map<String, String> params) {}

  private record Route(String method, List<String> pattern, AsyncRouteHandler handler) {}

  private final List<Route> routes = new ArrayList<>();

  void route(String method, String pattern, RouteHandler routeHandler) {
    routeAsync(method, pattern, apiCall -> Future.succeededFuture(routeHandler.handle(apiCall)));
  }

  void routeAsync(String method, String pattern, AsyncRouteHandler rule) {
    routes.add(new Route(method, segments(pattern), rule));
  }

  Optional<RouteMatch> match(String method, String path) {
    List<String> segments = segments(path);
    for (Route route : routes) {
      if (route.method.equals(method) && route.pattern.size() == segments.size()) {
        Optional<Map<String, String>> params = params(route.pattern, segments);
        if (params.isPresent()) {
          return Optional.of(new RouteMatch(route.handler, params.get()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Map<String, String>> params(List<String> pattern, List<String> segments) {
    Map<String, String> params = new LinkedHashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String expected = pattern.get(i);
      if (expected.startsWith(":")) {
        params.put(expected.substring(1), segments.get(i));
      } else if (!expected.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(params);
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
