package io.heartbeat4j.worker.llm.tool.outside;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.Doc;
import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An MCP server whose tools the model may call: a program, or an address. */
public record McpServer(
    @Doc("stands before its tools' names") String name,
    @Doc("the program and its arguments") List<String> command,
    @Doc("or the address of its streamable HTTP endpoint") Optional<URI> url,
    @Doc("headers for the address") Map<String, Secret> headers,
    @Doc("variables for the program") Map<String, Secret> environment,
    @Doc("the names of the tools to offer; all unless given") List<String> tools,
    @Doc("the longest that one call may take") @Default("2m") Duration timeout) {

  public McpServer {
    if (!name.matches("[a-z0-9-]{1,20}")) {
      throw new IllegalArgumentException("the name of an MCP server is lower case letters, digits and dashes");
    }
    if (command.isEmpty() == url.isEmpty()) {
      throw new IllegalArgumentException("the MCP server '" + name + "' needs either command or url");
    }
  }
}
