package io.heartbeat4j.embedded.rules;

import org.jspecify.annotations.Nullable;

/** What an issue was before a write, as far as wakes depend on it. */
record IssueSnapshot(IssueStatus status, @Nullable String assigneeAgentId, @Nullable String assigneeUserId) {

  static IssueSnapshot of(IssueEntity issueEntity) {
    return new IssueSnapshot(issueEntity.status(), issueEntity.assigneeAgentId, issueEntity.assigneeUserId);
  }
}
