package io.heartbeat4j.heartbeat.wake;

import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.InteractionId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunContextSnapshot;
import io.heartbeat4j.protocol.WakeCommentHistory;
import io.heartbeat4j.protocol.WakePayload;
import io.heartbeat4j.protocol.WakeReason;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why the agent was woken, from the environment or from the run's snapshot (contract section 3).
 *
 * @param issue {@code PAPERCLIP_TASK_ID}
 * @param workspace the directory that the server prepared for the run
 */
public record WakeFacts(
    @Nullable IssueId issue,
    @Nullable WakeReason reason,
    List<CommentId> comments,
    @Nullable ApprovalId approval,
    List<IssueId> linkedIssues,
    @Nullable InteractionId interaction,
    @Nullable WakePayload payload,
    @Nullable WakeCommentHistory continuation,
    @Nullable String workspace) {

  public static final WakeFacts NONE = new WakeFacts(null, null, List.of(), null, List.of(), null, null, null, null);

  public WakeFacts {
    comments = List.copyOf(comments);
    linkedIssues = List.copyOf(linkedIssues);
  }

  public static WakeFacts of(RunContextSnapshot snapshot) {
    WakePayload payload = snapshot.paperclipWake();
    Set<CommentId> comments = new LinkedHashSet<>();
    if (payload != null) {
      comments.addAll(payload.commentIds());
    }
    for (CommentId id : new @Nullable CommentId[]{snapshot.wakeCommentId(), snapshot.commentId()}) {
      if (id != null) {
        comments.add(id);
      }
    }
    return new WakeFacts(
        snapshot.scopedIssue(),
        first(snapshot.wakeReason(), payload == null ? null : payload.reason()),
        List.copyOf(comments),
        snapshot.approvalId(),
        snapshot.issueIds(),
        first(snapshot.interactionId(), payload == null ? null : payload.interactionId()),
        payload,
        first(snapshot.executionContinuation(), payload == null ? null : payload.executionContinuation()),
        snapshot.paperclipWorkspace() == null ? null : snapshot.paperclipWorkspace().cwd());
  }

  /** These facts, and where they are silent, those. */
  public WakeFacts withFallback(WakeFacts other) {
    return new WakeFacts(
        first(issue, other.issue),
        first(reason, other.reason),
        comments.isEmpty() ? other.comments : comments,
        first(approval, other.approval),
        linkedIssues.isEmpty() ? other.linkedIssues : linkedIssues,
        first(interaction, other.interaction),
        first(payload, other.payload),
        first(continuation, other.continuation),
        first(workspace, other.workspace));
  }

  public boolean isMention() {
    return WakeReason.MENTIONED.equals(reason);
  }

  /** Whether the server has checked the issue out for the run already. */
  public boolean isCheckedOutByServer() {
    return payload != null && Boolean.TRUE.equals(payload.checkedOutByHarness());
  }

  public Optional<IssueId> task() {
    return Optional.ofNullable(issue);
  }

  /** The task's short name where the wake tells it. */
  public String taskLabel() {
    String identifier = payload == null || payload.issue() == null || !payload.issue().id().equals(issue)
        ? null
        : payload.issue().identifier();
    return identifier != null ? identifier : String.valueOf(issue);
  }

  /** The reason in the server's word, for logs. */
  public String describeReason() {
    return reason == null ? "no reason given" : reason.wire();
  }

  private static <T> @Nullable T first(@Nullable T mine, @Nullable T other) {
    return mine != null ? mine : other;
  }
}
