package io.heartbeat4j.embedded.rules;

import java.util.Optional;

/**
 * The agent that sends a request.
 *
 * @param agentId the agent
 * @param runId the run that the request names, which is not validated
 */
public record SenderIdentity(String agentId, Optional<String> runId) {}
