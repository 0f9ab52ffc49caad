package io.heartbeat4j.worker.llm.tool.external;

import io.heartbeat4j.worker.agent.command.ProcessEnvironment;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.McpTransport;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import dev.langchain4j.mcp.client.transport.stdio.StdioMcpTransport;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.llm.tool.Tool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The MCP servers of one heartbeat: started for it, and ended with it. */
public final class McpServerConnections implements AutoCloseable {

  /** Clients and their transports, of which one may be there without the other. */
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Tool> tools = new ArrayList<>();

  private McpServerConnections() {}

  /**
   * Starts the servers and connects to them.
   *
   * @throws IOException if one can't be started, in words for the operator
   */
  public static McpServerConnections start(List<McpServerSettings> servers, ProcessEnvironment environment)
      throws IOException {
    McpServerConnections started = new McpServerConnections();
    for (McpServerSettings server : servers) {
      try {
        started.add(server, environment);
      } catch (RuntimeException failed) {
        started.close();
        throw new IOException("the MCP server '" + server.name() + "' can't be used: " + failed.getMessage(), failed);
      }
    }
    return started;
  }

  private void add(McpServerSettings server, ProcessEnvironment environment) {
    McpTransport transport = transport(server, environment);
    opened.add(transport);
    McpClient client = DefaultMcpClient.builder()
        .key(server.name())
        .clientName("heartbeat4j")
        .transport(transport)
        .initializationTimeout(server.timeout())
        .toolExecutionTimeout(server.timeout())
        .autoHealthCheck(false)
        .build();
    opened.add(client);
    for (ToolSpecification tool : client.listTools()) {
      if (server.tools().isEmpty() || server.tools().contains(tool.name())) {
        tools.add(new McpTool(client, server.name(), tool));
      }
    }
  }

  private static McpTransport transport(McpServerSettings server, ProcessEnvironment environment) {
    if (server.url().isPresent()) {
      StreamableHttpMcpTransport.Builder http = StreamableHttpMcpTransport.builder()
          .url(server.url().get().toString())
          .customHeaders(revealed(server.headers()))
          .timeout(server.timeout());
      return server.url().get().getScheme().equals("http") ? http.setHttpVersion1_1().build() : http.build();
    }
    Map<String, String> variables = new HashMap<>(environment.variables());
    variables.putAll(revealed(server.environment()));
    // the transport lets a program inherit everything: env takes away what is not for it, by name
    List<String> command = new ArrayList<>(List.of("env"));
    environment.withheldNames().stream()
        .filter(name -> !variables.containsKey(name))
        .forEach(name -> command.addAll(List.of("-u", name)));
    command.addAll(server.command());
    return StdioMcpTransport.builder().command(command).environment(variables).build();
  }

  private static Map<String, String> revealed(Map<String, Secret> secrets) {
    Map<String, String> values = new HashMap<>();
    secrets.forEach((name, value) -> values.put(name, value.reveal()));
    return values;
  }

  public List<Tool> tools() {
    return List.copyOf(tools);
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception gone) {
        // it is over either way
      }
    }
  }
}
