package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Plain values, lists and maps as JSON. */
final class JsonValues {

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private JsonValues() {}

  static JsonNode of(Object value) {
    return MAPPER.valueToTree(value);
  }
}
