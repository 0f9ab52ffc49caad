package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One wake of one agent, {@code GET /api/heartbeat-runs/{id}}: whose it is, whether it is live, and why it was started.
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record HeartbeatRun(
    RunId id,
    CompanyId companyId,
    AgentId agentId,
    RunStatus status,
    @Nullable String errorCode,
    @Nullable RunContextSnapshot contextSnapshot) {}
