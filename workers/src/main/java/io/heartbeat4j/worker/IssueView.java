package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.GoalId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.protocol.ProjectId;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An issue as a worker sees it. Made by the runtime; a later version may add components, so use the accessors, not a
 * record pattern.
 *
 * @param identifier the short name that people use, such as CON-1
 * @param description Markdown; empty where there is none
 * @param creator who created it
 * @param goalTitle the title of the issue's goal
 * @param blockers the issues that this one waits for, or waited for
 * @param ancestors the issues above this one, nearest first: why the work exists
 */
@API(status = API.Status.STABLE, since = "1.0")
public record IssueView(
    IssueId id,
    Optional<String> identifier,
    String title,
    String description,
    IssueStatus status,
    Optional<Priority> priority,
    Author.Kind creator,
    Optional<IssueId> parentId,
    Optional<ProjectId> projectId,
    Optional<GoalId> goalId,
    Optional<String> goalTitle,
    List<RelatedIssue> blockers,
    List<RelatedIssue> ancestors) {

  public IssueView {
    blockers = List.copyOf(blockers);
    ancestors = List.copyOf(ancestors);
  }

  /** The short name where there is one, else the id. */
  public String label() {
    return identifier.orElseGet(id::toString);
  }
}
