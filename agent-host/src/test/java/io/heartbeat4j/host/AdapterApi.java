package io.heartbeat4j.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The description of the adapter's interface, and whether a response is as it says. */
final class AdapterApi {

  private static final Path FILE = Path.of("../docs/adapter-api.yaml");
  private static final JsonNode DOCUMENT = read();

  private AdapterApi() {}

  private static JsonNode read() {
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(Files.readString(FILE));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** All responses, such as {@code GET /v1/adapter/profiles 200}. */
  static Set<String> responses() {
    Set<String> all = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> path : DOCUMENT.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        for (Map.Entry<String, JsonNode> response : method.getValue().path("responses").properties()) {
          all.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + " " + response.getKey());
        }
      }
    }
    return all;
  }

  /** The response in the form of {@link #responses}. */
  static String name(String method, String path, int status) {
    return method + " " + path.replaceFirst("/runs/[^/]+", "/runs/{id}") + " " + status;
  }

  /** @throws AssertionError if the response is not described, or is not as described */
  static void check(String method, String path, int status, JsonNode body) {
    String name = name(method, path, status);
    String[] parts = name.split(" ");
    JsonNode response = resolve(DOCUMENT.path("paths").path(parts[1]).path(method.toLowerCase(Locale.ROOT))
        .path("responses").path(parts[2]));
    if (response.isMissingNode()) {
      throw new AssertionError(name + " is not described in " + FILE);
    }
    JsonNode schema = response.path("content").path("application/json").path("schema");
    List<String> problems = new ArrayList<>();
    compare(schema, body, "", problems);
    if (schema.has("x-codes") && !values(schema.path("x-codes")).contains(body.path("code").asText())) {
      problems.add("the code " + body.path("code") + " is not described");
    }
    fail(name, body, problems);
  }

  /** @throws AssertionError if the event's data is not as described */
  static void checkEvent(String event, JsonNode data) {
    JsonNode schema = DOCUMENT.path("paths").path("/v1/adapter/runs/{id}/events").path("get").path("responses")
        .path("200").path("content").path("text/event-stream").path("x-events").path(event);
    List<String> problems = new ArrayList<>();
    compare(schema, data, "", problems);
    fail("event " + event, data, problems);
  }

  private static void fail(String what, JsonNode body, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new AssertionError(what + ": " + String.join("; ", problems) + " in " + body);
    }
  }

  private static JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static Set<String> values(JsonNode array) {
    Set<String> values = new LinkedHashSet<>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }

  private static void compare(JsonNode described, JsonNode value, String where, List<String> problems) {
    JsonNode schema = resolve(described);
    if (!isOfType(schema.path("type").asText(), value)) {
      problems.add(where + " is no " + schema.path("type").asText("described value"));
    }
    if (schema.has("enum") && !values(schema.path("enum")).contains(value.asText())) {
      problems.add(where + " is none of " + schema.path("enum"));
    }
    if (schema.has("items")) {
      value.forEach(item -> compare(schema.path("items"), item, where + "[]", problems));
    }
    if (schema.path("type").asText().equals("object") && !schema.path("x-free").asBoolean()) {
      values(schema.path("required")).stream().filter(name -> !value.has(name))
          .forEach(name -> problems.add(where + "." + name + " is missing"));
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        JsonNode property = schema.path("properties").path(field.getKey());
        if (property.isMissingNode()) {
          problems.add(where + "." + field.getKey() + " is not described");
        } else {
          compare(property, field.getValue(), where + "." + field.getKey(), problems);
        }
      }
    }
  }

  private static boolean isOfType(String type, JsonNode value) {
    return switch (type) {
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> false;
    };
  }
}
