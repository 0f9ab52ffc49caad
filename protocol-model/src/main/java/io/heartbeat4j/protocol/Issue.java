package io.heartbeat4j.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An issue as the server answers it from checkout, read, list, create and full PATCH (contract section 5). A list row
 * or compact answer leaves fields out: those are null or empty here.
 *
 * @param identifier the short name that people use, such as CON-1
 * @param description may be cut in list rows
 * @param executionPolicy merged, never replaced, when a monitor is added to it
 * @param executionState where it is in the stages of that policy
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
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
    @Nullable ReviewState executionState,
    @Nullable Instant monitorNextCheckAt,
    @Nullable ExecutionBlocker executionBlocker,
    List<Blocker> blockedBy,
    List<Ancestor> ancestors,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {

  public Issue {
    blockedBy = NullSafeLists.copyWithoutNulls(blockedBy);
    ancestors = NullSafeLists.copyWithoutNulls(ancestors);
  }

  /** What it still waits for; a checkout is refused (422) while there is any (contract section 6). */
  public List<IssueId> openBlockers() {
    return blockedBy.stream().filter(blocker -> !blocker.isResolved()).map(Blocker::id).toList();
  }

  public boolean hasOpenBlockers() {
    return !openBlockers().isEmpty();
  }

  /** The short name where there is one, else the id. */
  public String label() {
    return identifier == null ? id.toString() : identifier;
  }

  public boolean isAssignedTo(AgentId agent) {
    return agent.equals(assigneeAgentId);
  }

  /** Whether nobody is woken for it, not even a new assignee, before the board has resolved the server's notice. */
  public boolean awaitsReconciliation() {
    return executionBlocker != null;
  }

  /** Whether stages of review lie between the work and its end. */
  public boolean hasStagesLeft() {
    return stageCount() > 0 && (executionState == null || !executionState.isCompleted());
  }

  /** How many stages of review its policy has. */
  public int stageCount() {
    return executionPolicy != null && executionPolicy.get("stages") instanceof List<?> stages ? stages.size() : 0;
  }

  /** Whether the pending stage is the last one: its approval ends the issue. */
  public boolean isInItsLastStage() {
    return executionState != null
        && executionPolicy != null
        && executionPolicy.get("stages") instanceof List<?> stages
        && !stages.isEmpty()
        && stages.get(stages.size() - 1) instanceof Map<?, ?> last
        && String.valueOf(last.get("id")).equals(executionState.currentStageId());
  }

  public boolean isUnassigned() {
    return assigneeAgentId == null && assigneeUserId == null;
  }
}
