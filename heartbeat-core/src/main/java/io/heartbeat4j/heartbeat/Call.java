package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import java.util.List;

/** A wake as it reached this process: which run of which agent, on which server, and what it already says; {@code warnings}
 * are lines about what was left out because it could not be read. */
public record Call(
    ServerUrl server, AgentToken token, AgentId agent, CompanyId company, RunId run, WakeFacts facts,
    List<String> warnings) {

  public Call {
    warnings = List.copyOf(warnings);
  }
}
