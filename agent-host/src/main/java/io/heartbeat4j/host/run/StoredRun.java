package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A persisted run; contains no token.
 *
 * @param agent the agent's name in the configuration
 * @param ending absent while the run is not over
 */
public record StoredRun(
    RunId run, String agent, @Nullable IssueId issue, WakeChannel way, Instant acceptedAt,
    @Nullable RunResult ending) {}
