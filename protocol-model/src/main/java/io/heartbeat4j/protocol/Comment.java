package io.heartbeat4j.protocol;

import java.time.Instant;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A comment on an issue.
 *
 * @param authorType {@code agent}, {@code user} or {@code system}
 * @param createdByRunId the run that wrote it, for an agent's comment: an unclear write is found again by it
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record Comment(
    CommentId id,
    @Nullable IssueId issueId,
    @Nullable String authorType,
    @Nullable AgentId authorAgentId,
    @Nullable UserId authorUserId,
    @Nullable RunId createdByRunId,
    String body,
    @Nullable Instant createdAt) {

  public boolean isBy(AgentId agent) {
    return agent.equals(authorAgentId);
  }

  /** Whether a person wrote it, not an agent and not the server. */
  public boolean isByPerson() {
    return "user".equals(authorType) || (authorType == null && authorUserId != null);
  }

  /** Whether the server itself wrote it: a notice, never an answer. */
  public boolean isBySystem() {
    return "system".equals(authorType) || (authorAgentId == null && authorUserId == null && !isByPerson());
  }
}
