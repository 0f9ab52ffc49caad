package io.heartbeat4j.embedded.rules;

import org.jspecify.annotations.Nullable;

/** What an issue was before a write, as far as wakes depend on it. */
record IssueState(Status status, @Nullable String assigneeAgentId, @Nullable String assigneeUserId) {

  static IssueState of(Issue issue) {
    return new IssueState(issue.status(), issue.assigneeAgentId, issue.assigneeUserId);
  }
}
