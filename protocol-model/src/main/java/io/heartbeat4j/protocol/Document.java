package io.heartbeat4j.protocol;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A document on an issue (contract section 8).
 *
 * @param latestRevisionId what the next change has to name as its base
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Document(
    String key, @Nullable String title, @Nullable String format, String body, String latestRevisionId) {}
