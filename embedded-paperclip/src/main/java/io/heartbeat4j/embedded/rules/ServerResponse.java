package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The response of the rules to a request.
 *
 * @param status HTTP status
 * @param headers headers beyond those of every response
 * @param body JSON, or a missing node when there is no body
 */
public record ServerResponse(int status, Map<String, String> headers, JsonNode body) {

  public ServerResponse {
    headers = Map.copyOf(headers);
  }

  static ServerResponse of(int status, JsonNode body) {
    return new ServerResponse(status, Map.of(), body);
  }

  static ServerResponse ok(JsonNode body) {
    return of(200, body);
  }

  static ServerResponse empty(int status) {
    return new ServerResponse(status, Map.of(), MissingNode.getInstance());
  }

  ServerResponse withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new ServerResponse(status, more, body);
  }
}
