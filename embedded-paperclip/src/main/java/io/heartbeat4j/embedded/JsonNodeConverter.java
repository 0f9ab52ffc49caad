package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Plain values, lists and maps as JSON. */
final class JsonNodeConverter {

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private JsonNodeConverter() {}

  static JsonNode toJsonNode(Object value) {
    return MAPPER.valueToTree(value);
  }
}
