package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Why the server starts no run for an issue: a run of it was stopped, and the board has to resolve the notice (contract
 * section 13).
 *
 * @param cause such as {@code legacy_execution_requires_reconciliation}
 * @param runId the run that was stopped
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record ExecutionBlocker(@Nullable String cause, @Nullable RunId runId) {}
