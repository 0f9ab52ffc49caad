package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.IssueId;
import java.util.Optional;

/**
 * A wish to run.
 *
 * @param issue two claims of an agent on one issue, or on none, never run at once
 * @param provider the account of a provider that it uses
 * @param slots how many of the agent's run at once
 * @param queue how many of the agent's wait at most
 * @param of what is to run
 */
record ScheduledRun<T>(
    String agent, Optional<IssueId> issue, String worker, Optional<String> provider, int agentSlots, int agentQueueLimit, T run) {}
