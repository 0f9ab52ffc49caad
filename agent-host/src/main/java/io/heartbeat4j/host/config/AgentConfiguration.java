package io.heartbeat4j.host.config;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One agent of the host.
 *
 * @param name what the operator calls it; unique in the host
 * @param id checked against the key's agent, where it is given
 * @param key what the agent shows to Paperclip
 * @param accessKey what Paperclip shows to the host to wake this agent over HTTP
 * @param workerName for the slots of its worker
 * @param provider the account of a provider that its work uses, for that account's slots
 * @param workspace where it works, instead of the directory that the server prepared
 * @param slots how many of its heartbeats run at once
 * @param queue how many of its wakes wait at most
 * @param pollInterval how often it looks for work by itself
 */
public record AgentConfiguration(
    String name,
    Optional<AgentId> id,
    ServerUrl server,
    AgentToken key,
    Optional<Secret> accessKey,
    String workerName,
    WorkerSource worker,
    Optional<String> provider,
    WorkLimits limits,
    Optional<Path> workspace,
    int slots,
    int queue,
    Optional<Duration> pollInterval) {}
