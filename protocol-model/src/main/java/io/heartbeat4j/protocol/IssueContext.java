package io.heartbeat4j.protocol;

import java.time.Instant;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** One issue with what explains it, {@code GET /api/issues/{id}/heartbeat-context} (step 6, contract section 5). */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record IssueContext(
    Issue issue,
    List<Ancestor> ancestors,
    @Nullable Project project,
    @Nullable Goal goal,
    CommentCursor commentCursor,
    @Nullable Comment wakeComment) {

  public record Project(ProjectId id, String name) {}

  public record Goal(GoalId id, String title) {}

  /** How many comments there are, so that an empty thread costs no request. */
  public record CommentCursor(
      int totalComments, @Nullable CommentId latestCommentId, @Nullable Instant latestCommentAt) {}

  public IssueContext {
    ancestors = NullSafeLists.copyWithoutNulls(ancestors);
    if (commentCursor == null) {
      throw new IllegalArgumentException("heartbeat-context without a commentCursor");
    }
  }
}
