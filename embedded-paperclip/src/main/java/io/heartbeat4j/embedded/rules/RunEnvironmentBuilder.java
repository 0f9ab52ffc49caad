package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the environment variables of a run, which are added to those of the server. */
final class RunEnvironmentBuilder {

  private final ServerState server;

  RunEnvironmentBuilder(ServerState server) {
    this.server = server;
  }

  Map<String, String> build(RunEntity runEntity, AgentEntity agentEntity, String token) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> own : agentEntity.adapterConfig.path("env").properties()) {
      if (!own.getKey().startsWith("PAPERCLIP_")) {
        variables.put(own.getKey(), valueOf(own.getValue()));
      }
    }
    String url = server.options.apiUrl();
    URI address = URI.create(url);
    variables.put("PAPERCLIP_AGENT_ID", agentEntity.id);
    variables.put("PAPERCLIP_COMPANY_ID", agentEntity.companyId);
    variables.put("PAPERCLIP_API_URL", url);
    variables.put("PAPERCLIP_RUNTIME_API_URL", url);
    variables.put("PAPERCLIP_LISTEN_HOST", address.getHost());
    variables.put("PAPERCLIP_LISTEN_PORT", Integer.toString(address.getPort()));
    variables.put("PAPERCLIP_RUN_ID", runEntity.id);
    variables.put("PAPERCLIP_API_KEY", token);
    variables.put("PAPERCLIP_GITHUB_AUTH_MODE", "host");
    variables.put("PAPERCLIP_RUNTIME_TOOLS_AVAILABLE", "connections_search,connection_request");
    variables.put("PAPERCLIP_RUNTIME_TOOLS_CONNECTIONS_SEARCH_URL", url + "/runtime-tools/connections/search");
    variables.put("PAPERCLIP_RUNTIME_TOOLS_CONNECTION_REQUEST_URL", url + "/runtime-tools/connections/request");
    variables.put("PAPERCLIP_RUNTIME_TOOLS_MCP_URL", url + "/mcp/runtime-tools");
    variables.put(
        "PAPERCLIP_RUNTIME_TOOLS_EXPIRES_AT",
        String.valueOf(JsonNodes.time(server.scheduler.now().plus(Duration.ofHours(1)))));
    variables.put(
        "PAPERCLIP_RUNTIME_TOOLS_GUIDANCE",
        "Connection tools:\n- When work requires a known external service and usable access is uncertain,"
            + " call `connections_search` with the service name or capability.");
    return variables;
  }

  private static String valueOf(JsonNode value) {
    return value.isObject() ? value.path("value").asText() : value.asText();
  }
}
