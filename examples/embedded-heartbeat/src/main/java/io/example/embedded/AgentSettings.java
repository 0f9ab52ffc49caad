package io.example.embedded;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import java.nio.file.Path;
import java.util.List;

/**
 * The application's agent.
 *
 * @param key a key of the agent, made on the board
 * @param accessKey what the http adapter shows to the application
 * @param state the directory of the agent's state
 */
record AgentSettings(ServerUrl server, CompanyId company, AgentId agent, AgentToken key, String accessKey, Path state) {

  /** The wake of a run. All but its id is read from the server. */
  WakeRequest wake(RunId run) {
    return new WakeRequest(server, key, agent, company, run, WakeFacts.NONE, List.of());
  }
}
