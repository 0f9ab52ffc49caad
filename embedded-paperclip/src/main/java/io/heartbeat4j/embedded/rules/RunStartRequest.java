package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The data with which an adapter starts a run.
 *
 * @param adapterConfig the adapter settings of the agent, not redacted
 * @param context a copy of the {@code contextSnapshot} of the run
 * @param token the token of the run, a JWT
 * @param environment variables of a child process, added to those of the server
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
