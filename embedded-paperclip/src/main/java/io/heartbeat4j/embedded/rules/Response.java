package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer of the rules to one request.
 *
 * @param status HTTP status
 * @param headers headers beyond those of every response
 * @param body JSON, or a missing node when there is no body
 */
public record Response(int status, Map<String, String> headers, JsonNode body) {

  public Response {
    headers = Map.copyOf(headers);
  }

  static Response of(int status, JsonNode body) {
    return new Response(status, Map.of(), body);
  }

  static Response ok(JsonNode body) {
    return of(200, body);
  }

  static Response empty(int status) {
    return new Response(status, Map.of(), MissingNode.getInstance());
  }

  static Response error(int status, String message) {
    return of(status, Json.object().put("error", message));
  }

  Response header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, body);
  }
}
