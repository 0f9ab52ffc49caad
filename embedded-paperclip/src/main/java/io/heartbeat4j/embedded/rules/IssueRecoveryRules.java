package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Recovers issues after runs without comment or disposition, and after failed runs. */
final class IssueRecoveryRules {

  private static final String HANDOFF = "finish_successful_run_handoff";
  private static final String CONTINUATION = "issue_continuation_needed";
  private static final String MISSING_COMMENT = "missing_issue_comment";
  private static final String FAILED_CAUSE = "legacy_execution_requires_reconciliation";
  private static final String FAILED_ACTION = "Inspect the stopped provider and recorded actions, then reconcile their outcomes before continuing. "
      + "This adapter has not established a safe resume boundary.";
  private static final String RECOVERY_STOPPED_NOTE = "Automatic recovery stopped. Recorded work is preserved; actions with unverified outcomes will not be repeated.";

  private static final Duration ESCALATION_DELAY = Duration.ofMillis(200);

  private final ServerState server;
  private final CommentWriter commentWriter;
  private final ReviewPathCheck reviewPathCheck;
  private @Nullable WakeAdmissionService wakeAdmission;

  IssueRecoveryRules(ServerState server, CommentWriter commentWriter) {
    this.server = server;
    this.commentWriter = commentWriter;
    this.reviewPathCheck = new ReviewPathCheck(server);
  }

  void setWakeAdmission(WakeAdmissionService wakeAdmission) {
    this.wakeAdmission = wakeAdmission;
  }

  /** Sets the comment status of a successful run; a run for an assignment without comment causes a wake for one. */
  void checkRunComment(RunEntity runEntity, IssueEntity issueEntity, boolean held, boolean commentWaits) {
    Optional<CommentEntity> own = issueEntity.comments.stream()
        .filter(commentEntity -> runEntity.id.equals(commentEntity.runId())).reduce((first, last) -> last);
    if (own.isPresent()) {
      runEntity.issueCommentStatus = "satisfied";
      runEntity.satisfiedByCommentId = own.get().id();
      return;
    }
    if (MISSING_COMMENT.equals(JsonNodes.text(runEntity.context, "retryReason"))) {
      runEntity.issueCommentStatus = "retry_exhausted";
      return;
    }
    boolean required = "issue_assigned".equals(runEntity.wakeReason());
    if (required && held && !commentWaits) {
      runEntity.issueCommentStatus = "retry_queued";
      ObjectNode context = baseContext(runEntity, issueEntity);
      context.put("retryOfRunId", runEntity.id).put("retryReason", MISSING_COMMENT).put("missingIssueCommentForRunId",
          runEntity.id);
      server.schedule(server.options.missingCommentDelay(), () -> wake(runEntity.agentId, MISSING_COMMENT, context));
    }
  }

  /** Called after a successful run if no deferred wake was started. */
  void afterSuccess(RunEntity runEntity, IssueEntity issueEntity) {
    reviewPathCheck.lostPathContext(runEntity, issueEntity)
        .ifPresent(context -> wake(runEntity.agentId, ReviewPathCheck.PATH_LOST_REASON, context));
    if (!needsDisposition(runEntity, issueEntity) || runEntity.issueCommentStatus.equals("retry_queued")) {
      return;
    }
    if (waitsForSweep(runEntity)) {
      server.schedule(ESCALATION_DELAY, () -> sweepUnsettledIssue(runEntity, issueEntity));
    } else {
      server.schedule(server.options.handoffDelay(), () -> requestDisposition(runEntity, issueEntity));
    }
  }

  /** Whether the next sweep checks the disposition, instead of the corrective wake. */
  private static boolean waitsForSweep(RunEntity runEntity) {
    String reason = runEntity.wakeReason();
    boolean commentOrMonitor = reason != null
        && (WakeSpec.COMMENT_REASONS.contains(reason) || reason.startsWith("issue_monitor"));
    return HANDOFF.equals(reason) || commentOrMonitor || runEntity.issueCommentStatus.equals("retry_exhausted");
  }

  /** Escalates after a corrective run; after other runs, wakes the agent to continue unless the run did nothing. */
  private void sweepUnsettledIssue(RunEntity runEntity, IssueEntity issueEntity) {
    if (!needsDisposition(runEntity, issueEntity) || !isLatest(runEntity, issueEntity)) {
      return;
    }
    if (HANDOFF.equals(runEntity.wakeReason())) {
      escalate(runEntity, issueEntity);
    } else if (!"empty_response".equals(runEntity.livenessState)) {
      ObjectNode context = IssueWakeRules.issueContext(issueEntity).put("retryReason", CONTINUATION).put("retryOfRunId",
          runEntity.id);
      wake(runEntity.agentId, CONTINUATION, context.put("source", "issue.productive_terminal_continuation_recovery"));
    }
  }

  private boolean isLatest(RunEntity runEntity, IssueEntity issueEntity) {
    return server.runs.values().stream()
        .filter(other -> issueEntity.id.equals(other.issueId()))
        .noneMatch(other -> other.createdAt.isAfter(runEntity.createdAt));
  }

  private boolean needsDisposition(RunEntity runEntity, IssueEntity issueEntity) {
    return issueEntity.status() == IssueStatus.IN_PROGRESS
        && issueEntity.isAssignedTo(runEntity.agentId)
        && issueEntity.monitorNextCheckAt == null
        && issueEntity.executionBlocker == null
        && server.agent(runEntity.agentId).isInvokable()
        && !server.hasPendingInteraction(issueEntity)
        && !server.hasPendingApproval(issueEntity)
        && server.unresolvedBlockers(issueEntity).isEmpty()
        && server.activeHoldOn(issueEntity).isEmpty()
        && server.liveRuns(other -> issueEntity.id.equals(other.issueId())).findAny().isEmpty();
  }

  private void requestDisposition(RunEntity runEntity, IssueEntity issueEntity) {
    if (!needsDisposition(runEntity, issueEntity)) {
      return;
    }
    ObjectNode context = JsonNodes.object().put("issueId", issueEntity.id).put("taskId", issueEntity.id);
    context.put("sourceIssueId", issueEntity.id).put("sourceRunId", runEntity.id).put("handoffRequired", true);
    context.put("handoffReason", "successful_run_missing_state").put("missingDisposition", "clear_next_step");
    context.put("handoffAttempt", 1).put("maxHandoffAttempts", 1).put("resumeIntent", true);
    context.put("followUpRequested", true).put("resumeFromRunId", runEntity.id).put("parentRunId", runEntity.id);
    context.put(
        "instruction",
        "Your last run on this issue ended successfully, but the issue is still `in_progress` and has no valid disposition."
            + " Choose exactly one outcome and perform the matching Paperclip action.");
    wake(runEntity.agentId, HANDOFF, context);
    commentWriter.addSystemComment(issueEntity, "Paperclip needs a disposition before this issue can continue.");
    ObjectNode state = JsonNodes.object().put("state", "required").put("required", true);
    issueEntity.handoff = state.put("sourceRunId", runEntity.id).put("assigneeAgentId", runEntity.agentId);
  }

  private void escalate(RunEntity runEntity, IssueEntity issueEntity) {
    if (!needsDisposition(runEntity, issueEntity)) {
      return;
    }
    issueEntity.recoveryAction = createRecoveryAction(issueEntity, "missing_disposition",
        "successful_run_missing_state", runEntity);
    issueEntity.moveTo(IssueStatus.BLOCKED, server.now());
    commentWriter.addSystemComment(issueEntity,
        "Paperclip could not get a disposition for this issue; the board decides.");
    ObjectNode state = JsonNodes.object().put("state", "escalated").put("required", false);
    issueEntity.handoff = state.put("sourceRunId", runEntity.id).put("assigneeAgentId", runEntity.agentId);
  }

  /** Blocks the execution of the issue after a failed, cancelled or timed-out run until the board reconciles. */
  void afterFailure(RunEntity runEntity, IssueEntity issueEntity) {
    if (issueEntity.status().isClosed() || !issueEntity.isAssignedTo(runEntity.agentId)) {
      return;
    }
    ObjectNode action = createRecoveryAction(issueEntity, "active_run_watchdog", FAILED_CAUSE, runEntity);
    issueEntity.recoveryAction = action;
    ObjectNode blocker = JsonNodes.object().put("recoveryActionId", action.path("id").asText()).put("cause",
        FAILED_CAUSE);
    blocker.put("runId", runEntity.id).put("agentId", runEntity.agentId).put("nextAction", FAILED_ACTION);
    issueEntity.executionBlocker = blocker;
    server.schedule(server.options.reconciliationDelay(), () -> blockAfterFailure(issueEntity, runEntity, blocker));
  }

  /**
   * The sweep after a failure: ends the recovery action and blocks the issue. The execution blocker
   * stays, also after later writes, because only a reconciliation by the board removes it.
   */
  private void blockAfterFailure(IssueEntity issueEntity, RunEntity runEntity, ObjectNode blocker) {
    if (issueEntity.executionBlocker == null
        || !blocker.path("runId").equals(issueEntity.executionBlocker.path("runId"))) {
      return;
    }
    issueEntity.recoveryAction = null;
    blocker.put("nextAction", RECOVERY_STOPPED_NOTE);
    boolean taken = issueEntity.executionRunId != null || issueEntity.checkoutRunId != null;
    if (issueEntity.isAssignedTo(runEntity.agentId) && !issueEntity.status().isClosed() && !taken) {
      issueEntity.blockAfterFailure(server.now());
    }
  }

  /**
   * Ends the recovery action and the execution blocker if a write has resolved the issue. After the sweep there is no
   * recovery action, so the blocker stays.
   */
  static void clearIfResolved(ServerState server, IssueEntity issueEntity) {
    boolean moved = switch (issueEntity.status()) {
      case DONE, CANCELLED -> true;
      case TODO, IN_PROGRESS -> issueEntity.assigneeAgentId != null || issueEntity.assigneeUserId != null;
      case IN_REVIEW -> ReviewPathCheck.hasReviewPath(server, issueEntity);
      case BLOCKED -> issueEntity.assigneeUserId != null || !server.unresolvedBlockers(issueEntity).isEmpty();
      case BACKLOG -> false;
    };
    if (issueEntity.recoveryAction != null && moved) {
      issueEntity.recoveryAction = null;
      issueEntity.executionBlocker = null;
    }
  }

  private ObjectNode createRecoveryAction(IssueEntity issueEntity, String kind, String cause, RunEntity runEntity) {
    Instant now = server.now();
    ObjectNode action = JsonNodes.object().put("id", server.idGenerator.next()).put("companyId", issueEntity.companyId);
    action.put("sourceIssueId", issueEntity.id).put("kind", kind).put("status", "active").put("ownerType", "board");
    action.putNull("ownerAgentId").put("returnOwnerAgentId", issueEntity.assigneeAgentId).put("cause", cause);
    action.putObject("evidence").put("runId", runEntity.id);
    action.put("nextAction", FAILED_ACTION).put("attemptCount", 1);
    return action.put("createdAt", JsonNodes.time(now)).put("updatedAt", JsonNodes.time(now));
  }

  private static ObjectNode baseContext(RunEntity runEntity, IssueEntity issueEntity) {
    ObjectNode context = JsonNodes.object().put("issueId", issueEntity.id).put("taskId", issueEntity.id);
    for (String field : List.of("source", "projectId")) {
      if (runEntity.context.hasNonNull(field)) {
        context.set(field, runEntity.context.get(field));
      }
    }
    return context;
  }

  private void wake(String agentId, String reason, ObjectNode context) {
    if (wakeAdmission != null) {
      wakeAdmission.admit(agentId, WakeSpec.automation(reason, context));
    }
  }
}
