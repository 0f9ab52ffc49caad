package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** An issue above this one, which says why the work exists (step 6). */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Ancestor(
    IssueId id,
    @Nullable String identifier,
    String title,
    @Nullable String description,
    @Nullable IssueStatus status,
    @Nullable Priority priority) {}
