package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.protocol.RunId;

/**
 * A wake as it came in.
 *
 * @param token with which the heartbeat speaks to the server: the agent's key, or the run's own token where it came along
 * @param facts what came along of the reason
 */
public record IncomingWake(HostedAgent agent, RunId run, WakeChannel channel, AgentToken token, WakeFacts facts) {}
