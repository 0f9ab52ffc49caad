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
 * @param name the name in the configuration, or its id if it has chosen a profile; unique in the host
 * @param id if present, compared with the id of the key's agent
 * @param key the key with which the agent calls Paperclip; empty if it has only the tokens of its runs
 * @param accessKey the key that Paperclip sends to the host to wake this agent over HTTP
 * @param workerName the key for the worker slots
 * @param provider the provider account that its worker uses; the key for the provider slots
 * @param workspace the working directory, instead of the one that the server prepared
 * @param slots the highest number of its heartbeats that run at once
 * @param queue the highest number of its wakes that wait
 * @param pollInterval the interval at which the host reads its inbox; empty if it does not
 */
public record AgentConfiguration(
    String name,
    Optional<AgentId> id,
    ServerUrl server,
    Optional<AgentToken> key,
    Optional<Secret> accessKey,
    String workerName,
    WorkerSource worker,
    Optional<String> provider,
    WorkLimits limits,
    Optional<Path> workspace,
    int slots,
    int queue,
    Optional<Duration> pollInterval) {}
