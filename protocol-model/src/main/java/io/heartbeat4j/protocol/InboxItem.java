package io.heartbeat4j.protocol;

import java.time.Instant;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A row of the agent's inbox (step 3): from {@code inbox-lite}, or from the issue list where a server has no inbox.
 *
 * @param dependencyReady false when a checkout is sure to answer 422; absent on list rows
 * @param activeRun the run that holds or is about to hold the issue
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record InboxItem(
    IssueId id,
    @Nullable String identifier,
    String title,
    IssueStatus status,
    @Nullable Priority priority,
    @Nullable ProjectId projectId,
    @Nullable GoalId goalId,
    @Nullable IssueId parentId,
    @Nullable Instant updatedAt,
    @Nullable ActiveRun activeRun,
    @Nullable Boolean dependencyReady,
    List<IssueId> unresolvedBlockerIssueIds) {

  /** The run that works on an issue. */
  public record ActiveRun(RunId id, @Nullable RunStatus status, @Nullable AgentId agentId) {}

  public InboxItem {
    unresolvedBlockerIssueIds = NullSafeLists.copyWithoutNulls(unresolvedBlockerIssueIds);
  }

  public boolean isReady() {
    return (dependencyReady == null || dependencyReady) && unresolvedBlockerIssueIds.isEmpty();
  }

  /** Whether a run other than {@code own} has the issue, so that a checkout is sure to answer 409. */
  public boolean isHeldByAnother(RunId own) {
    return activeRun != null
        && !activeRun.id().equals(own)
        && (activeRun.status() == null || activeRun.status().equals(RunStatus.RUNNING));
  }

  public String label() {
    return identifier == null ? id.toString() : identifier;
  }
}
