package io.heartbeat4j.worker.acp.mcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A tool as MCP lists it.
 *
 * @param schema the JSON schema of its arguments
 */
public record McpTool(String name, String description, ObjectNode schema) {

  /** Without arguments yet. */
  public McpTool(String name, String description) {
    this(name, description, JsonNodeFactory.instance.objectNode().put("type", "object"));
    schema.putObject("properties");
    schema.putArray("required");
  }

  /** With a text that has to be there. */
  public McpTool text(String name, String about) {
    schema.withArray("required").add(name);
    return optionalText(name, about);
  }

  public McpTool optionalText(String name, String about) {
    property(name, about, "string");
    return this;
  }

  public McpTool optionalNumber(String name, String about) {
    property(name, about, "integer");
    return this;
  }

  /** With one of these texts, which has to be there. */
  public McpTool oneOf(String name, String about, List<String> values) {
    text(name, about);
    values.forEach(((ObjectNode) schema.path("properties").path(name)).putArray("enum")::add);
    return this;
  }

  public McpTool optionalTexts(String name, String about) {
    property(name, about, "array").putObject("items").put("type", "string");
    return this;
  }

  private ObjectNode property(String name, String about, String type) {
    return schema.withObject("/properties").putObject(name).put("type", type).put("description", about);
  }
}
