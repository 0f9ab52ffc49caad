package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.protocol.RunId;

/**
 * A wake as it was received.
 *
 * @param token authenticates the heartbeat on the server: the agent's key, or the run's own token where the wake
 *     carries it
 * @param facts the facts that the wake carries
 */
public record IncomingWake(HostedAgent agent, RunId run, WakeChannel channel, AgentToken token, WakeFacts facts) {}
