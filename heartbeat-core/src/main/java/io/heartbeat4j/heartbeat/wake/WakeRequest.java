package io.heartbeat4j.heartbeat.wake;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.RunId;
import java.util.List;
import java.util.Optional;

/**
 * A wake as it reached this process: server, token, agent, company, run, and the facts that came with it.
 *
 * @param warnings about optional facts that could not be read and were left out
 * @param knownRun the run, where the caller has just read it from the server with this token; else step 1
 *     reads it
 */
public record WakeRequest(
    ServerUrl server, AgentToken token, AgentId agent, CompanyId company, RunId run, WakeFacts facts,
    List<String> warnings, Optional<HeartbeatRun> knownRun) {

  public WakeRequest {
    warnings = List.copyOf(warnings);
  }

  public WakeRequest(
      ServerUrl server, AgentToken token, AgentId agent, CompanyId company, RunId run, WakeFacts facts,
      List<String> warnings) {
    this(server, token, agent, company, run, facts, warnings, Optional.empty());
  }

  /** The same, with the run as the server told it a moment ago. */
  public WakeRequest withRun(HeartbeatRun known) {
    return new WakeRequest(server, token, agent, company, run, facts, warnings, Optional.of(known));
  }
}
