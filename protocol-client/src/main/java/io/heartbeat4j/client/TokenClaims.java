package io.heartbeat4j.client;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import java.time.Instant;

/** What a run's token says about itself (contract section 2). Read, not verified: only the server can do that. */
public record TokenClaims(AgentId agent, CompanyId company, RunId run, Instant expiresAt) {

  /** Without the run id, which stands in no log. */
  @Override
  public String toString() {
    return "TokenClaims[agent=" + agent + ", company=" + company + ", expiresAt=" + expiresAt + "]";
  }
}
