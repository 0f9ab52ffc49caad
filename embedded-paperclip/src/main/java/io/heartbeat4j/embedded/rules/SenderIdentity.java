package io.heartbeat4j.embedded.rules;

import java.util.Optional;

/**
 * Which agent sends a request.
 *
 * @param agentId the agent
 * @param runId the run in whose name it sends, as claimed
 */
public record SenderIdentity(String agentId, Optional<String> runId) {}
