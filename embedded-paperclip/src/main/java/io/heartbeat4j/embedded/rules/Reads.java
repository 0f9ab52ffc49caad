package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;

/** The headers of answers that a client may keep and revalidate. */
final class Reads {

  private Reads() {}

  static Response cacheable(JsonNode body) {
    return Response.ok(body).header("cache-control", "private, must-revalidate");
  }
}
