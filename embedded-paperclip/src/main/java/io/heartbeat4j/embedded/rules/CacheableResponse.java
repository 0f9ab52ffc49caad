package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;

/** Responses that a client may cache and revalidate. */
final class CacheableResponse {

  private CacheableResponse() {}

  static ServerResponse of(JsonNode body) {
    return ServerResponse.ok(body).withHeader("cache-control", "private, must-revalidate");
  }
}
