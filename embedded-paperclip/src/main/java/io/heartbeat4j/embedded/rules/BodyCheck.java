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

/** Checks a body and collects what is wrong with it, in the words of the server's validator. */
final class BodyCheck {

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  private final @Nullable JsonNode body;
  private final ArrayNode problems = Json.array();

  BodyCheck(@Nullable JsonNode body) {
    this.body = body;
    if (body == null || !body.isObject()) {
      wrongType("object", body);
    }
  }

  static boolean isUuid(@Nullable String text) {
    return text != null && UUID.matcher(text).matches();
  }

  BodyCheck text(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isTextual()) {
      wrongType("string", value, field);
    } else if (value.textValue().isEmpty()) {
      tooSmall("string", "characters", field);
    }
    return this;
  }

  BodyCheck optionalText(String field) {
    JsonNode value = value(field);
    if (value != null && !value.isNull() && !value.isTextual()) {
      wrongType("string", value, field);
    }
    return this;
  }

  BodyCheck uuid(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isTextual()) {
      wrongType("string", value, field);
    } else if (!isUuid(value.textValue())) {
      noUuid(field);
    }
    return this;
  }

  BodyCheck optionalUuid(String field) {
    return present(value(field)) ? uuid(field) : this;
  }

  BodyCheck optionalChoice(String field, List<String> options) {
    JsonNode value = value(field);
    if (value != null && !options.contains(value.asText())) {
      noChoice(options, field);
    }
    return this;
  }

  BodyCheck choice(String field, List<String> options) {
    JsonNode value = value(field);
    if (value == null || !options.contains(value.asText())) {
      noChoice(options, field);
    }
    return this;
  }

  /** A non-empty array of choices. */
  BodyCheck choices(String field, List<String> options) {
    JsonNode value = value(field);
    if (value == null || !value.isArray()) {
      wrongType("array", value, field);
    } else if (value.isEmpty()) {
      tooSmall("array", "items", field);
    } else {
      for (int i = 0; i < value.size(); i++) {
        if (!options.contains(value.get(i).asText())) {
          noChoice(options, field, i);
        }
      }
    }
    return this;
  }

  BodyCheck optionalUuids(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return this;
    }
    if (!value.isArray()) {
      wrongType("array", value, field);
      return this;
    }
    for (int i = 0; i < value.size(); i++) {
      if (!isUuid(value.get(i).asText())) {
        noUuid(field, i);
      }
    }
    return this;
  }

  BodyCheck wholeNumber(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isNumber()) {
      wrongType("number", value, field);
    } else if (!value.isIntegralNumber()) {
      problem("invalid_type", "Invalid input: expected int, received number", field).put("expected", "int");
    } else if (value.longValue() < 0) {
      problem("too_small", "Too small: expected number to be >=0", field)
          .put("origin", "number")
          .put("minimum", 0)
          .put("inclusive", true);
    }
    return this;
  }

  BodyCheck optionalWholeNumber(String field) {
    return value(field) == null ? this : wholeNumber(field);
  }

  BodyCheck time(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isTextual()) {
      wrongType("string", value, field);
    } else if (!isTime(value.textValue())) {
      problem("invalid_format", "Invalid ISO datetime", field).put("origin", "string").put("format", "datetime");
    }
    return this;
  }

  BodyCheck object(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isObject()) {
      wrongType("object", value, field);
    }
    return this;
  }

  BodyCheck optionalObject(String field) {
    return present(value(field)) ? object(field) : this;
  }

  /** The body when all is well. */
  ObjectNode orRefuse() {
    if (!problems.isEmpty() || !(body instanceof ObjectNode object)) {
      throw Refusal.invalid(problems);
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

  private void wrongType(String expected, @Nullable JsonNode value, Object... path) {
    problem("invalid_type", "Invalid input: expected " + expected + ", received " + typeOf(value), path)
        .put("expected", expected);
  }

  private void tooSmall(String origin, String unit, Object... path) {
    problem("too_small", "Too small: expected " + origin + " to have >=1 " + unit, path)
        .put("origin", origin)
        .put("minimum", 1)
        .put("inclusive", true);
  }

  private void noUuid(Object... path) {
    problem("invalid_format", "Invalid UUID", path).put("origin", "string").put("format", "uuid");
  }

  private void noChoice(List<String> options, Object... path) {
    String list = options.stream().map(option -> '"' + option + '"').collect(Collectors.joining("|"));
    problem("invalid_value", "Invalid option: expected one of " + list, path).set("values", Json.array(options));
  }

  private ObjectNode problem(String code, String message, Object... path) {
    ObjectNode problem = problems.addObject().put("code", code);
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
