package io.heartbeat4j.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An issue as the server answers it from checkout, read, list, create and full PATCH (contract section 5). A list row
 * or compact answer leaves fields out: those are null or empty here.
 *
 * @param identifier the short name that people use, such as CON-1
 * @param description may be cut in list rows
 * @param executionPolicy merged, never replaced, when a monitor is added to it
 */
public record Issue(
    IssueId id,
    @Nullable CompanyId companyId,
    @Nullable String identifier,
    String title,
    @Nullable String description,
    IssueStatus status,
    @Nullable Priority priority,
    @Nullable String workMode,
    @Nullable ProjectId projectId,
    @Nullable GoalId goalId,
    @Nullable IssueId parentId,
    @Nullable AgentId assigneeAgentId,
    @Nullable UserId assigneeUserId,
    @Nullable RunId checkoutRunId,
    @Nullable RunId executionRunId,
    @Nullable AgentId createdByAgentId,
    @Nullable UserId createdByUserId,
    @Nullable UserId responsibleUserId,
    @Nullable Map<String, Object> executionPolicy,
    @Nullable Instant monitorNextCheckAt,
    List<Blocker> blockedBy,
    List<Ancestor> ancestors,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {

  public Issue {
    blockedBy = Lists.copy(blockedBy);
    ancestors = Lists.copy(ancestors);
  }

  /** The short name where there is one, else the id. */
  public String label() {
    return identifier == null ? id.toString() : identifier;
  }

  public boolean isAssignedTo(AgentId agent) {
    return agent.equals(assigneeAgentId);
  }

  public boolean isUnassigned() {
    return assigneeAgentId == null && assigneeUserId == null;
  }
}
