package io.heartbeat4j.worker.llm.tool.external;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An MCP server whose tools the model may call: a program, or an address. */
public record McpServerSettings(
    @Description("stands before its tools' names") String name,
    @Description("the program and its arguments") List<String> command,
    @Description("or the address of its streamable HTTP endpoint") Optional<URI> url,
    @Description("headers for the address") Map<String, Secret> headers,
    @Description("variables for the program") Map<String, Secret> environment,
    @Description("the names of the tools to offer; all unless given") List<String> tools,
    @Description("the longest that one call may take") @DefaultValue("2m") Duration timeout) {

  public McpServerSettings {
    if (!name.matches("[a-z0-9-]{1,20}")) {
      throw new IllegalArgumentException("the name of an MCP server is lower case letters, digits and dashes");
    }
    if (command.isEmpty() == url.isEmpty()) {
      throw new IllegalArgumentException("the MCP server '" + name + "' needs either command or url");
    }
  }
}
