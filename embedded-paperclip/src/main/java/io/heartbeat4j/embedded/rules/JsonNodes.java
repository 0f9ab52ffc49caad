package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and builds JSON in the format of the server: times in milliseconds, absent values as {@code null}. */
final class JsonNodes {

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
      .withZone(ZoneOffset.UTC);

  private JsonNodes() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static ArrayNode array(Collection<String> values) {
    ArrayNode array = array();
    values.forEach(array::add);
    return array;
  }

  static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : MILLIS.format(instant);
  }

  /** The text of a field, or null when it is absent, null, blank or not a text. */
  static @Nullable String text(@Nullable JsonNode node, String field) {
    JsonNode value = node == null ? null : node.get(field);
    return value == null || !value.isTextual() || value.textValue().isBlank() ? null : value.textValue();
  }

  /** The elements of a node as texts. */
  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  /** Parses an optional ISO time; a malformed one is 400 with the error. */
  static @Nullable Instant instant(@Nullable String text, String error) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw ApiException.badRequest(error);
    }
  }

  /** Appends {@code null} for each name that the object does not have yet. */
  static void putNulls(ObjectNode object, String... names) {
    for (String name : names) {
      if (!object.has(name)) {
        object.putNull(name);
      }
    }
  }

  /** A copy, or {@code null} as a JSON value. */
  static JsonNode copyOrNull(@Nullable JsonNode node) {
    return node == null ? JsonNodeFactory.instance.nullNode() : node.deepCopy();
  }
}
