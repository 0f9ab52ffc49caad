package io.heartbeat4j.protocol;

import java.time.Instant;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The issue's history as the wake carries it.
 *
 * @param coverage says whether {@code messages} is the whole thread
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record WakeCommentHistory(
    @Nullable IssueId issueId, @Nullable Coverage coverage, List<Message> messages) {

  /** What part of the thread travelled. */
  public record Coverage(@Nullable String kind, @Nullable CommentId throughCommentId) {}

  /** One comment of the thread. */
  public record Message(
      CommentId id,
      @Nullable String body,
      @Nullable Boolean deleted,
      @Nullable String authorId,
      @Nullable String authorType,
      @Nullable RunId createdByRunId,
      @Nullable Instant createdAt) {}

  public WakeCommentHistory {
    messages = NullSafeLists.copyWithoutNulls(messages);
  }

  /** Whether the messages are the whole thread up to {@code coverage.throughCommentId}. */
  public boolean isWholeThread() {
    return coverage != null && "full_task_history".equals(coverage.kind());
  }

  /** The messages as comments of {@code issue}, oldest first, without the deleted ones. */
  public List<Comment> comments(IssueId issue) {
    return messages.stream()
        .filter(message -> !Boolean.TRUE.equals(message.deleted()) && message.body() != null)
        .map(message -> WakeCommentMapper.toComment(
            message.id(), issue, message.authorType(), message.authorId(), message.createdByRunId(),
            message.body() == null ? "" : message.body(), message.createdAt()))
        .toList();
  }
}
