package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What an adapter gets to start a run.
 *
 * @param adapterConfig the agent's settings, not redacted
 * @param context the run's {@code contextSnapshot}, a copy
 * @param token the run's JWT
 * @param environment what a child process gets beyond the server's own environment
 */
public record RunStartRequest(
    String runId,
    String agentId,
    String agentName,
    String companyId,
    String adapterType,
    ObjectNode adapterConfig,
    ObjectNode context,
    String token,
    Map<String, String> environment) {

  public RunStartRequest {
    environment = Map.copyOf(environment);
  }
}
