package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import java.util.Optional;

/**
 * A run in the scheduler.
 *
 * @param issue two runs of an agent on one issue, or without an issue, are never active at once
 * @param provider the provider account that it uses
 * @param agentSlots how many runs of the agent may be active at once
 * @param agentQueueLimit how many runs of the agent may wait
 * @param run the run itself
 */
record ScheduledRun<T>(
    CompanyId company, String agent, Optional<IssueId> issue, String worker, Optional<String> provider, int agentSlots,
    int agentQueueLimit, T run) {}
