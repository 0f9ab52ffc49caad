package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Validates a body and collects violations in the format of the server's validator. */
final class BodyValidator {

  private static final Pattern UUID = Pattern
      .compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  private final @Nullable JsonNode body;
  private final ArrayNode violations = JsonNodes.array();

  BodyValidator(@Nullable JsonNode body) {
    this.body = body;
    if (body == null || !body.isObject()) {
      addWrongType("object", body);
    }
  }

  static boolean isUuid(@Nullable String text) {
    return text != null && UUID.matcher(text).matches();
  }

  BodyValidator text(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isTextual()) {
      addWrongType("string", value, field);
    } else if (value.textValue().isEmpty()) {
      addTooSmall("string", "characters", field);
    }
    return this;
  }

  BodyValidator optionalText(String field) {
    JsonNode value = value(field);
    if (value != null && !value.isNull() && !value.isTextual()) {
      addWrongType("string", value, field);
    }
    return this;
  }

  BodyValidator uuid(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isTextual()) {
      addWrongType("string", value, field);
    } else if (!isUuid(value.textValue())) {
      addInvalidUuid(field);
    }
    return this;
  }

  BodyValidator optionalUuid(String field) {
    return present(value(field)) ? uuid(field) : this;
  }

  BodyValidator optionalChoice(String field, List<String> options) {
    JsonNode value = value(field);
    if (value != null && !options.contains(value.asText())) {
      addInvalidChoice(options, field);
    }
    return this;
  }

  BodyValidator choice(String field, List<String> options) {
    JsonNode value = value(field);
    if (value == null || !options.contains(value.asText())) {
      addInvalidChoice(options, field);
    }
    return this;
  }

  /** Requires a non-empty array of the options. */
  BodyValidator choices(String field, List<String> options) {
    JsonNode value = value(field);
    if (value == null || !value.isArray()) {
      addWrongType("array", value, field);
    } else if (value.isEmpty()) {
      addTooSmall("array", "items", field);
    } else {
      for (int i = 0; i < value.size(); i++) {
        if (!options.contains(value.get(i).asText())) {
          addInvalidChoice(options, field, i);
        }
      }
    }
    return this;
  }

  BodyValidator optionalUuids(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return this;
    }
    if (!value.isArray()) {
      addWrongType("array", value, field);
      return this;
    }
    for (int i = 0; i < value.size(); i++) {
      if (!isUuid(value.get(i).asText())) {
        addInvalidUuid(field, i);
      }
    }
    return this;
  }

  BodyValidator wholeNumber(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isNumber()) {
      addWrongType("number", value, field);
    } else if (!value.isIntegralNumber()) {
      addViolation("invalid_type", "Invalid input: expected int, received number", field).put("expected", "int");
    } else if (value.longValue() < 0) {
      addViolation("too_small", "Too small: expected number to be >=0", field)
          .put("origin", "number")
          .put("minimum", 0)
          .put("inclusive", true);
    }
    return this;
  }

  BodyValidator optionalWholeNumber(String field) {
    return value(field) == null ? this : wholeNumber(field);
  }

  BodyValidator time(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isTextual()) {
      addWrongType("string", value, field);
    } else if (!isTime(value.textValue())) {
      addViolation("invalid_format", "Invalid ISO datetime", field).put("origin", "string").put("format", "datetime");
    }
    return this;
  }

  BodyValidator object(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isObject()) {
      addWrongType("object", value, field);
    }
    return this;
  }

  BodyValidator optionalObject(String field) {
    return present(value(field)) ? object(field) : this;
  }

  /** Returns the body if there are no violations. */
  ObjectNode orThrow() {
    if (!violations.isEmpty() || !(body instanceof ObjectNode object)) {
      throw ApiException.validationFailed(violations);
    }
    return object;
  }

  private @Nullable JsonNode value(String field) {
    return body == null ? null : body.get(field);
  }

  private static boolean present(@Nullable JsonNode value) {
    return value != null && !value.isNull();
  }

  private static boolean isTime(String text) {
    try {
      Instant.parse(text);
      return true;
    } catch (DateTimeException notATime) {
      return false;
    }
  }

  private void addWrongType(String expected, @Nullable JsonNode value, Object... path) {
    addViolation("invalid_type", "Invalid input: expected " + expected + ", received " + typeOf(value), path)
        .put("expected", expected);
  }

  private void addTooSmall(String origin, String unit, Object... path) {
    addViolation("too_small", "Too small: expected " + origin + " to have >=1 " + unit, path)
        .put("origin", origin)
        .put("minimum", 1)
        .put("inclusive", true);
  }

  private void addInvalidUuid(Object... path) {
    addViolation("invalid_format", "Invalid UUID", path).put("origin", "string").put("format", "uuid");
  }

  private void addInvalidChoice(List<String> options, Object... path) {
    String list = options.stream().map(option -> '"' + option + '"').collect(Collectors.joining("|"));
    addViolation("invalid_value", "Invalid option: expected one of " + list, path).set("values",
        JsonNodes.array(options));
  }

  private ObjectNode addViolation(String code, String message, Object... path) {
    ObjectNode problem = violations.addObject().put("code", code);
    ArrayNode steps = problem.putArray("path");
    for (Object step : path) {
      if (step instanceof Integer index) {
        steps.add(index);
      } else if (body != null && body.isObject()) {
        steps.add(step.toString());
      }
    }
    return problem.put("message", message);
  }

  private static String typeOf(@Nullable JsonNode value) {
    if (value == null) {
      return "undefined";
    }
    return switch (value.getNodeType()) {
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      case NUMBER -> "number";
      case STRING -> "string";
      default -> "object";
    };
  }
}
