package io.heartbeat4j.host.run;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A persisted run, under the type id {@code stored-run/1}; contains no token.
 *
 * @param agent the agent's name in the configuration
 * @param ending absent while the run is not over
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonTypeName("stored-run/1")
public record StoredRun(
    RunId run, String agent, @Nullable IssueId issue, WakeChannel way, Instant acceptedAt,
    @Nullable RunResult ending) {}
