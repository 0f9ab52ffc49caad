package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task. Its status moves only through {@link #moveTo}, which keeps locks and times with it. */
final class Issue {

  final String id;
  final String companyId;
  final int number;
  final String identifier;
  final Instant createdAt;
  String title;
  @Nullable String description;
  private Status status;
  int statusVersion;
  String priority = "medium";
  @Nullable String projectId;
  @Nullable String goalId;
  @Nullable String parentId;
  @Nullable String assigneeAgentId;
  @Nullable String assigneeUserId;
  @Nullable String checkoutRunId;
  @Nullable String executionRunId;
  @Nullable String executionAgentNameKey;
  @Nullable Instant executionLockedAt;
  @Nullable String createdByAgentId;
  @Nullable String createdByUserId;
  @Nullable String originRunId;
  @Nullable String idempotencyKey;
  @Nullable String billingCode;
  int requestDepth;
  @Nullable ObjectNode executionPolicy;
  @Nullable ObjectNode executionState;
  @Nullable Instant monitorNextCheckAt;
  @Nullable Instant monitorWakeRequestedAt;
  @Nullable Instant monitorLastTriggeredAt;
  int monitorAttemptCount;
  @Nullable String monitorNotes;
  @Nullable String monitorScheduledBy;
  @Nullable ObjectNode unblockDescriptor;
  @Nullable Instant blockedTransitionAt;
  @Nullable Instant blockedOwnerNotifiedAt;
  @Nullable Instant startedAt;
  @Nullable Instant completedAt;
  @Nullable Instant cancelledAt;
  Instant updatedAt;
  Instant lastActivityAt;
  List<String> blockedBy = new ArrayList<>();
  @Nullable ObjectNode handoff;
  @Nullable ObjectNode executionBlocker;
  @Nullable ObjectNode recoveryAction;
  final List<Comment> comments = new ArrayList<>();

  Issue(String id, Company company, String title, Status status, Instant createdAt) {
    this.id = id;
    this.companyId = company.id;
    this.number = ++company.issueCounter;
    this.identifier = company.issuePrefix + "-" + number;
    this.title = title;
    this.status = status;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
    this.lastActivityAt = createdAt;
    enter(status, createdAt);
  }

  Status status() {
    return status;
  }

  /** Takes the status, also when it is the present one: that renews the time of that status. */
  void moveTo(Status next, Instant now) {
    if (next != status) {
      statusVersion++;
      if (status == Status.DONE) {
        completedAt = null;
      }
      if (status == Status.CANCELLED) {
        cancelledAt = null;
      }
      if (status == Status.BLOCKED) {
        blockedTransitionAt = null;
        blockedOwnerNotifiedAt = null;
        unblockDescriptor = null;
      }
      if (status == Status.IN_PROGRESS) {
        unlock();
      }
      if (next == Status.BLOCKED) {
        blockedTransitionAt = now;
      }
    }
    status = next;
    enter(next, now);
    touch(now);
  }

  /** The server's own sweep: blocked, without the time of a disposition. */
  void park(Instant now) {
    if (status != Status.BLOCKED) {
      moveTo(Status.BLOCKED, now);
      blockedTransitionAt = null;
    }
  }

  /** A checkout: in progress from now on; unlike {@link #moveTo} it leaves the times of the former status. */
  void takeUp(Instant now) {
    if (status != Status.IN_PROGRESS) {
      statusVersion++;
      unlock();
    }
    status = Status.IN_PROGRESS;
    startedAt = now;
    touch(now);
  }

  private void enter(Status next, Instant now) {
    if (next == Status.IN_PROGRESS) {
      startedAt = now;
    } else if (next == Status.DONE) {
      completedAt = now;
    } else if (next == Status.CANCELLED) {
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
    executionRunId = null;
    executionAgentNameKey = null;
    executionLockedAt = null;
  }

  void touch(Instant now) {
    updatedAt = now;
    lastActivityAt = now;
  }

  boolean isAssignedTo(@Nullable String agentId) {
    return agentId != null && agentId.equals(assigneeAgentId);
  }
}
