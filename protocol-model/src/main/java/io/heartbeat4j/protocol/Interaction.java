package io.heartbeat4j.protocol;

import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A card on an issue that somebody answers (contract section 8).
 *
 * @param kind {@code request_confirmation}, {@code ask_user_questions} or one that this version does not know
 * @param result what was answered; absent while pending
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Interaction(
    InteractionId id,
    IssueId issueId,
    String kind,
    InteractionStatus status,
    @Nullable String idempotencyKey,
    @Nullable String continuationPolicy,
    @Nullable AgentId createdByAgentId,
    @Nullable RunId sourceRunId,
    @Nullable Map<String, Object> payload,
    @Nullable Map<String, Object> result) {

  public boolean isPending() {
    return status.equals(InteractionStatus.PENDING);
  }
}
