package io.heartbeat4j.client;

import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.NewComment;
import io.vertx.core.Future;

/**
 * An issue that this run has not checked out: it can be commented and nothing else. The server itself would allow changes.
 */
public final class CommentOnlyIssue {

  private final RunSession session;
  private final IssueId id;

  CommentOnlyIssue(RunSession session, IssueId id) {
    this.session = session;
    this.id = id;
  }

  public IssueId id() {
    return id;
  }

  /** Comments it, which wakes its assignee; counts towards the run's cap of 20 (contract section 4). */
  public Future<Comment> comment(NewComment comment) {
    return session.comment(id, comment);
  }
}
