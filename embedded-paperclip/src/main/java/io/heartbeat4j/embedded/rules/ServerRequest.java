package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request in the form that the rules handle.
 *
 * @param method upper-case method
 * @param path path without query, starting with {@code /}
 * @param query first value per query parameter, decoded
 * @param headers values by lower-case name
 * @param body text of the body, empty when there is none
 */
public record ServerRequest(
    String method, String path, Map<String, String> query, Map<String, String> headers, String body) {

  public ServerRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** A request without headers or body; the target may have a query. */
  public static ServerRequest of(String method, String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    Map<String, String> query = mark < 0 ? Map.of() : parseQuery(target.substring(mark + 1));
    return new ServerRequest(method.toUpperCase(Locale.ROOT), path, query, Map.of(), "");
  }

  /** The same request with a JSON body. */
  public ServerRequest withJsonBody(JsonNode node) {
    Map<String, String> typed = new LinkedHashMap<>(headers);
    typed.put("content-type", "application/json");
    return new ServerRequest(method, path, query, typed, JsonNodes.write(node));
  }

  @Nullable
  String headerValue(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  private static Map<String, String> parseQuery(String text) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.putIfAbsent(decode(name), decode(value));
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
