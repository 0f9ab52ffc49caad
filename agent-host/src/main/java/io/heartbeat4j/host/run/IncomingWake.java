package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.protocol.RunId;
import java.util.Optional;

/**
 * A wake as it was received.
 *
 * @param token authenticates the heartbeat on the server: the agent's key, or the run's own token where the wake
 *     carries it
 * @param facts the facts that the wake carries
 * @param configuration what its agent has from this run on, where the wake brings it
 */
public record IncomingWake(HostedAgent agent, RunId run, WakeChannel channel, AgentToken token, WakeFacts facts,
    Optional<AgentConfiguration> configuration) {

  /** A wake of an agent that is configured on the host. */
  public IncomingWake(HostedAgent agent, RunId run, WakeChannel channel, AgentToken token, WakeFacts facts) {
    this(agent, run, channel, token, facts, Optional.empty());
  }
}
