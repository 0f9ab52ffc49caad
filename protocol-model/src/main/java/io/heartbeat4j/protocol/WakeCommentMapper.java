package io.heartbeat4j.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The two shapes in which a wake names an author, made into the one of the comments API. */
final class WakeCommentMapper {

  private WakeCommentMapper() {}

  static Comment toComment(
      CommentId id,
      @Nullable IssueId issue,
      @Nullable String type,
      @Nullable String author,
      @Nullable RunId run,
      String body,
      @Nullable Instant at) {
    AgentId agent = "agent".equals(type) && author != null ? AgentId.of(author) : null;
    UserId user = "user".equals(type) && author != null ? new UserId(author) : null;
    return new Comment(id, issue, type, agent, user, run, body, at);
  }
}
