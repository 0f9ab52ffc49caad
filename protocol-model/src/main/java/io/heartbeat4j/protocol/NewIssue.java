package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The body of a subtask's creation (step 9): a parent always, and the parent's goal.
 *
 * @param idempotencyKey unique in the company; the same key answers 200 with the issue that it made before
 * @param allowDuplicate whether it is made though an open issue beside it has its title; null leaves that to the server
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NewIssue(
    String title,
    @Nullable String description,
    IssueId parentId,
    @Nullable GoalId goalId,
    @Nullable ProjectId projectId,
    @Nullable AgentId assigneeAgentId,
    @Nullable IssueStatus status,
    @Nullable Priority priority,
    List<IssueId> blockedByIssueIds,
    String idempotencyKey,
    @Nullable Boolean allowDuplicate) {

  /** The same subtask, also where an open issue beside it has its title already. */
  public NewIssue allowingDuplicate() {
    return new NewIssue(
        title, description, parentId, goalId, projectId, assigneeAgentId, status, priority, blockedByIssueIds,
        idempotencyKey,
        true);
  }
}
