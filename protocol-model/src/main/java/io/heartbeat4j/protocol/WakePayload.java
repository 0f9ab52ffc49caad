package io.heartbeat4j.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What the wake carries about its issue ({@code paperclipWake}, and {@code PAPERCLIP_WAKE_PAYLOAD_JSON}; contract
 * section 3).
 *
 * @param checkedOutByHarness whether the server has checked the issue out for this run already
 * @param fallbackFetchNeeded whether the comments here are not all that woke the agent
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record WakePayload(
    @Nullable WakeReason reason,
    @Nullable WakeIssue issue,
    @Nullable Boolean checkedOutByHarness,
    List<CommentId> commentIds,
    @Nullable CommentId latestCommentId,
    List<WakeComment> comments,
    @Nullable Boolean truncated,
    @Nullable Boolean fallbackFetchNeeded,
    List<Map<String, Object>> childIssueSummaries,
    List<IssueId> unresolvedBlockerIssueIds,
    @Nullable InteractionId interactionId,
    @Nullable String interactionKind,
    @Nullable InteractionStatus interactionStatus,
    @Nullable WakeCommentHistory executionContinuation,
    @Nullable WakeReviewStage executionStage) {

  /** The issue in short. */
  public record WakeIssue(
      IssueId id,
      @Nullable String identifier,
      String title,
      @Nullable String description,
      @Nullable Boolean descriptionTruncated,
      @Nullable IssueStatus status,
      @Nullable Priority priority) {}

  /** A comment that woke the agent. */
  public record WakeComment(
      CommentId id,
      @Nullable IssueId issueId,
      @Nullable String authorType,
      @Nullable String body,
      @Nullable Boolean bodyTruncated,
      @Nullable Author author,
      @Nullable Instant createdAt) {

    /** Who wrote it. */
    public record Author(@Nullable String type, @Nullable String id) {}

    /** The comment in the shape of the comments API; cut where {@code bodyTruncated} says so. */
    public Comment toComment() {
      String type = authorType != null ? authorType : author == null ? null : author.type();
      return WakeCommentMapper.toComment(
          id, issueId, type, author == null ? null : author.id(), null, body == null ? "" : body, createdAt);
    }
  }

  public WakePayload {
    commentIds = NullSafeLists.copyWithoutNulls(commentIds);
    comments = NullSafeLists.copyWithoutNulls(comments);
    childIssueSummaries = NullSafeLists.copyWithoutNulls(childIssueSummaries);
    unresolvedBlockerIssueIds = NullSafeLists.copyWithoutNulls(unresolvedBlockerIssueIds);
  }
}
