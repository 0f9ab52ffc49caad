package io.heartbeat4j.worker.llm.tool;

import io.heartbeat4j.worker.agent.ToolCallException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A call's arguments as the model wrote them. Every complaint names the argument and what it should be. */
public final class ToolArguments {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode tree;

  private ToolArguments(JsonNode tree) {
    this.tree = tree;
  }

  /**
   * Parses the arguments of a call.
   *
   * @throws ToolCallException if they are not what the tool's specification says
   */
  public static ToolArguments of(String written, ToolSpecification tool) throws ToolCallException {
    JsonNode tree;
    try {
      tree = JSON.readTree(written == null || written.isBlank() ? "{}" : written);
    } catch (JsonProcessingException malformed) {
      throw new ToolCallException("the arguments of " + tool.name() + " are not JSON (" + malformed.getOriginalMessage()
          + "). Send one JSON object" + fields(tool));
    }
    if (!tree.isObject()) {
      throw new ToolCallException(
          "the arguments of " + tool.name() + " are not a JSON object. Send one" + fields(tool));
    }
    if (tool.parameters() != null) {
      Set<String> known = tool.parameters().properties().keySet();
      List<String> unknown = new ArrayList<>();
      tree.fieldNames().forEachRemaining(name -> {
        if (!known.contains(name)) {
          unknown.add(name);
        }
      });
      if (!unknown.isEmpty() && !Boolean.TRUE.equals(tool.parameters().additionalProperties())) {
        throw new ToolCallException(tool.name() + " has no argument " + String.join(", ", unknown) + fields(tool));
      }
      for (String required : tool.parameters().required() == null ? List.<String>of() : tool.parameters().required()) {
        if (!tree.hasNonNull(required)) {
          throw new ToolCallException(tool.name() + " needs the argument '" + required + "'" + fields(tool));
        }
      }
    }
    return new ToolArguments(tree);
  }

  private static String fields(ToolSpecification tool) {
    return tool.parameters() == null || tool.parameters().properties().isEmpty()
        ? " without fields."
        : " with: " + String.join(", ", tool.parameters().properties().keySet()) + ".";
  }

  /** The arguments in one spelling, so that equal calls are equal. */
  public String canonical() {
    return tree.toString();
  }

  public String text(String name) throws ToolCallException {
    return optionalText(name).orElseThrow(() -> new ToolCallException("the argument '" + name + "' is missing"));
  }

  public Optional<String> optionalText(String name) throws ToolCallException {
    JsonNode value = tree.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new ToolCallException("the argument '" + name + "' is a text, not " + value);
    }
    return Optional.of(value.asText());
  }

  /** A text that says something. */
  public String nonBlankText(String name) throws ToolCallException {
    String text = text(name);
    if (text.isBlank()) {
      throw new ToolCallException("the argument '" + name + "' is empty");
    }
    return text.strip();
  }

  /** Models often write a number as text. */
  public int number(String name, int standard, int least, int most) throws ToolCallException {
    JsonNode value = tree.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return standard;
    }
    try {
      int number = value.isIntegralNumber() ? value.asInt() : Integer.parseInt(value.asText().strip());
      return Math.max(least, Math.min(most, number));
    } catch (NumberFormatException wrong) {
      throw new ToolCallException("the argument '" + name + "' is a whole number, not " + value);
    }
  }

  public boolean flag(String name) throws ToolCallException {
    JsonNode value = tree.path(name);
    if (value.isMissingNode() || value.isNull() || value.isBoolean() || value.asText().matches("true|false")) {
      return value.asBoolean();
    }
    throw new ToolCallException("the argument '" + name + "' is true or false, not " + value);
  }

  public List<String> texts(String name) throws ToolCallException {
    JsonNode value = tree.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw new ToolCallException("the argument '" + name + "' is a list of texts, not " + value);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      texts.add(item.asText());
    }
    return texts;
  }

  /** All of them, for a tool that passes them on. */
  public String json() {
    return tree.toString();
  }
}
