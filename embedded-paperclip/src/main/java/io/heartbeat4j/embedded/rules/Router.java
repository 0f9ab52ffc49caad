package io.heartbeat4j.embedded.rules;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the rule for a method and a path such as {@code /api/issues/:issue/comments}. */
final class Router {

  /** A rule that answers at once. */
  @FunctionalInterface
  interface Rule {
    Response answer(Call call);
  }

  /** A rule that may have to wait, for example until a process is gone. */
  @FunctionalInterface
  interface SlowRule {
    Future<Response> answer(Call call);
  }

  record Match(SlowRule rule, Map<String, String> params) {}

  private record Route(String method, List<String> pattern, SlowRule rule) {}

  private final List<Route> routes = new ArrayList<>();

  void on(String method, String pattern, Rule rule) {
    onSlow(method, pattern, call -> Future.succeededFuture(rule.answer(call)));
  }

  void onSlow(String method, String pattern, SlowRule rule) {
    routes.add(new Route(method, segments(pattern), rule));
  }

  Optional<Match> find(String method, String path) {
    List<String> segments = segments(path);
    for (Route route : routes) {
      if (route.method.equals(method) && route.pattern.size() == segments.size()) {
        Optional<Map<String, String>> params = params(route.pattern, segments);
        if (params.isPresent()) {
          return Optional.of(new Match(route.rule, params.get()));
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
