package io.heartbeat4j.protocol;

import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Why a run was started (contract section 3). The server rewrites it when later wakes join a live run (section 13), so
 * it is read once at the start and kept.
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public record RunContextSnapshot(
    @Nullable IssueId taskId,
    @Nullable IssueId issueId,
    @Nullable WakeReason wakeReason,
    @Nullable String wakeSource,
    @Nullable CommentId wakeCommentId,
    @Nullable CommentId commentId,
    @Nullable ApprovalId approvalId,
    @Nullable ApprovalStatus approvalStatus,
    List<IssueId> issueIds,
    @Nullable InteractionId interactionId,
    @Nullable String interactionKind,
    @Nullable InteractionStatus interactionStatus,
    List<IssueId> childIssueIds,
    @Nullable Boolean paperclipHarnessCheckedOut,
    @Nullable WakePayload paperclipWake,
    @Nullable WakeCommentHistory executionContinuation,
    @Nullable Workspace paperclipWorkspace) {

  /** The directory that the server prepared for the run. */
  public record Workspace(@Nullable String cwd) {}

  public RunContextSnapshot {
    issueIds = NullSafeLists.copyWithoutNulls(issueIds);
    childIssueIds = NullSafeLists.copyWithoutNulls(childIssueIds);
  }

  /** The issue that the run is scoped to; without one, the run may not comment or PATCH (contract section 4). */
  public @Nullable IssueId scopedIssue() {
    return issueId != null ? issueId : taskId;
  }
}
