package io.heartbeat4j.worker.acp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the agent's program can do, by its answer to {@code initialize}.
 *
 * @param program its name and version, as it says
 * @param authMethods the ids of its ways to log in
 */
public record AgentCapabilities(
    String program, boolean resumesSessions, boolean loadsSessions, boolean takesHttpServers,
    List<String> authMethods) {

  static AgentCapabilities of(JsonNode initialized) {
    JsonNode can = initialized.path("agentCapabilities");
    JsonNode info = initialized.path("agentInfo");
    List<String> methods = new ArrayList<>();
    initialized.path("authMethods").forEach(method -> methods.add(method.path("id").asText()));
    return new AgentCapabilities((info.path("name").asText("") + " " + info.path("version").asText("")).strip(),
        can.path("sessionCapabilities").hasNonNull("resume"), can.path("loadSession").asBoolean(),
        can.path("mcpCapabilities").path("http").asBoolean(), List.copyOf(methods));
  }

  public boolean keepsSessions() {
    return resumesSessions || loadsSessions;
  }
}
