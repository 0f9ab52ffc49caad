package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An issue. {@link #moveTo} changes the status together with the locks and times that depend on it. */
final class IssueEntity {

  final String id;
  final String companyId;
  final int number;
  final String identifier;
  final Instant createdAt;
  String title;
  @Nullable
  String description;
  private IssueStatus issueStatus;
  int statusVersion;
  String priority = "medium";
  @Nullable
  String projectId;
  @Nullable
  String goalId;
  @Nullable
  String parentId;
  @Nullable
  String assigneeAgentId;
  @Nullable
  String assigneeUserId;
  @Nullable
  String checkoutRunId;
  @Nullable
  String executionRunId;
  @Nullable
  String executionAgentNameKey;
  @Nullable
  Instant executionLockedAt;
  @Nullable
  String createdByAgentId;
  @Nullable
  String createdByUserId;
  @Nullable
  String originRunId;
  @Nullable
  String idempotencyKey;
  @Nullable
  String billingCode;
  @Nullable
  ObjectNode executionPolicy;
  @Nullable
  ObjectNode executionState;
  @Nullable
  Instant monitorNextCheckAt;
  @Nullable
  Instant monitorWakeRequestedAt;
  @Nullable
  Instant monitorLastTriggeredAt;
  int monitorAttemptCount;
  @Nullable
  String monitorNotes;
  @Nullable
  String monitorScheduledBy;
  @Nullable
  ObjectNode unblockDescriptor;
  @Nullable
  Instant blockedTransitionAt;
  @Nullable
  Instant blockedOwnerNotifiedAt;
  @Nullable
  Instant startedAt;
  @Nullable
  Instant completedAt;
  @Nullable
  Instant cancelledAt;
  Instant updatedAt;
  Instant lastActivityAt;
  List<String> blockedBy = new ArrayList<>();
  @Nullable
  ObjectNode handoff;
  @Nullable
  ObjectNode executionBlocker;
  @Nullable
  ObjectNode recoveryAction;
  final List<CommentEntity> comments = new ArrayList<>();

  IssueEntity(String id, CompanyEntity companyEntity, String title, IssueStatus issueStatus, Instant createdAt) {
    this.id = id;
    this.companyId = companyEntity.id;
    this.number = ++companyEntity.issueCounter;
    this.identifier = companyEntity.issuePrefix + "-" + number;
    this.title = title;
    this.issueStatus = issueStatus;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
    this.lastActivityAt = createdAt;
    setStatusTime(issueStatus, createdAt);
  }

  IssueStatus status() {
    return issueStatus;
  }

  /** Sets the status. The same status again renews the time of that status. */
  void moveTo(IssueStatus next, Instant now) {
    if (next != issueStatus) {
      statusVersion++;
      if (issueStatus == IssueStatus.DONE) {
        completedAt = null;
      }
      if (issueStatus == IssueStatus.CANCELLED) {
        cancelledAt = null;
      }
      if (issueStatus == IssueStatus.BLOCKED) {
        blockedTransitionAt = null;
        blockedOwnerNotifiedAt = null;
        unblockDescriptor = null;
      }
      if (issueStatus == IssueStatus.IN_PROGRESS) {
        unlock();
      }
      if (next == IssueStatus.BLOCKED) {
        blockedTransitionAt = now;
      }
    }
    issueStatus = next;
    setStatusTime(next, now);
    touch(now);
  }

  /** Moves the issue to {@code blocked} without {@code blockedTransitionAt}, like the sweep of the server. */
  void blockAfterFailure(Instant now) {
    if (issueStatus != IssueStatus.BLOCKED) {
      moveTo(IssueStatus.BLOCKED, now);
      blockedTransitionAt = null;
    }
  }

  /** Moves the issue to {@code in_progress}; unlike {@link #moveTo}, keeps the times of the former status. */
  void checkOut(Instant now) {
    if (issueStatus != IssueStatus.IN_PROGRESS) {
      statusVersion++;
      unlock();
    }
    issueStatus = IssueStatus.IN_PROGRESS;
    startedAt = now;
    touch(now);
  }

  private void setStatusTime(IssueStatus next, Instant now) {
    if (next == IssueStatus.IN_PROGRESS) {
      startedAt = now;
    } else if (next == IssueStatus.DONE) {
      completedAt = now;
    } else if (next == IssueStatus.CANCELLED) {
      cancelledAt = now;
    }
  }

  void lock(String runId, Instant now) {
    checkoutRunId = runId;
    executionRunId = runId;
    touch(now);
  }

  void unlock() {
    checkoutRunId = null;
    clearExecutionLock();
  }

  void clearExecutionLock() {
    executionRunId = null;
    executionAgentNameKey = null;
    executionLockedAt = null;
  }

  void touch(Instant now) {
    updatedAt = now;
    lastActivityAt = now;
  }

  /** The comments in {@code wakeCommentIds} of the context, in that order. */
  List<CommentEntity> wakeComments(ObjectNode context) {
    List<CommentEntity> found = new ArrayList<>();
    for (String id : JsonNodes.texts(context.path("wakeCommentIds"))) {
      comments.stream().filter(commentEntity -> commentEntity.id().equals(id)).forEach(found::add);
    }
    return found;
  }

  boolean isAssignedTo(@Nullable String agentId) {
    return agentId != null && agentId.equals(assigneeAgentId);
  }
}
