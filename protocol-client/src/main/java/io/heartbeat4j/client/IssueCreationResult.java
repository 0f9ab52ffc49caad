package io.heartbeat4j.client;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewIssue;
import java.util.Objects;
import java.util.Optional;

/**
 * The response to a create: 201 with a new issue, or 200 with one that exists (contract section 5).
 *
 * @param deduplicationReason {@code idempotency_key} or {@code recent_open_title}
 */
public record IssueCreationResult(Issue issue, boolean deduplicated, Optional<String> deduplicationReason) {

  /**
   * Whether the issue is the one that was asked for. The key names it for good, whatever has become of it since; by its
   * title alone the server can also answer with an older issue that somebody else made, or that somebody else is to do.
   */
  public boolean matchesRequest(NewIssue asked, AgentId self) {
    return !deduplicated
        || deduplicationReason.filter("idempotency_key"::equals).isPresent()
        || (self.equals(issue.createdByAgentId()) && Objects.equals(asked.assigneeAgentId(), issue.assigneeAgentId())
            && asked.parentId().equals(issue.parentId()));
  }
}
