package io.heartbeat4j.embedded.rules;

import org.jspecify.annotations.Nullable;

/** The fields of an issue before a write that the wake rules compare. */
record IssueSnapshot(IssueStatus status, @Nullable String assigneeAgentId, @Nullable String assigneeUserId) {

  static IssueSnapshot of(IssueEntity issueEntity) {
    return new IssueSnapshot(issueEntity.status(), issueEntity.assigneeAgentId, issueEntity.assigneeUserId);
  }
}
