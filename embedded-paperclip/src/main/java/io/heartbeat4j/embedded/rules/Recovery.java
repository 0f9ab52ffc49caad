package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server does about runs that leave their issue without a disposition, or that fail. */
final class Recovery {

  private static final String HANDOFF = "finish_successful_run_handoff";
  private static final String CONTINUATION = "issue_continuation_needed";
  private static final String MISSING_COMMENT = "missing_issue_comment";
  private static final Set<String> COMMENT_DRIVEN =
      Set.of("issue_commented", "issue_comment_mentioned", "issue_reopened_via_comment");
  private static final String FAILED_CAUSE = "legacy_execution_requires_reconciliation";
  private static final String FAILED_ACTION =
      "Inspect the stopped provider and recorded actions, then reconcile their outcomes before continuing. "
          + "This adapter has not established a safe resume boundary.";
  private static final String SETTLED_NOTE =
      "Automatic recovery stopped. Recorded work is preserved; actions with unverified outcomes will not be repeated.";

  private final World world;
  private final IssueThread thread;
  private final ReviewPath reviewPath;
  private @Nullable Wakes wakes;

  Recovery(World world, IssueThread thread) {
    this.world = world;
    this.thread = thread;
    this.reviewPath = new ReviewPath(world);
  }

  void wakesBy(Wakes wakes) {
    this.wakes = wakes;
  }

  /** Marks the comment policy of a successful run; a run that held its issue silently must speak. */
  void judgeComment(Run run, Issue issue, boolean held, boolean commentWaits) {
    Optional<Comment> own =
        issue.comments.stream().filter(comment -> run.id.equals(comment.runId())).reduce((first, last) -> last);
    if (own.isPresent()) {
      run.issueCommentStatus = "satisfied";
      run.satisfiedByCommentId = own.get().id();
      return;
    }
    if (MISSING_COMMENT.equals(Json.text(run.context, "retryReason"))) {
      run.issueCommentStatus = "retry_exhausted";
      return;
    }
    boolean required = "issue_assigned".equals(run.wakeReason());
    if (required && held && !commentWaits) {
      run.issueCommentStatus = "retry_queued";
      ObjectNode context = baseContext(run, issue);
      context.put("retryOfRunId", run.id).put("retryReason", MISSING_COMMENT).put("missingIssueCommentForRunId", run.id);
      world.later(world.options.missingCommentDelay(), () -> wake(run.agentId, MISSING_COMMENT, context));
    }
  }

  /** After a successful run, when no waiting wake went on. */
  void succeeded(Run run, Issue issue) {
    reviewPath.lostBy(run, issue).ifPresent(context -> wake(run.agentId, ReviewPath.LOST, context));
    if (!needsDisposition(run, issue) || run.issueCommentStatus.equals("retry_queued")) {
      return;
    }
    if (ownsNextStep(run)) {
      world.later(world.options.escalationDelay(), () -> sweep(run, issue));
    } else {
      world.later(world.options.handoffDelay(), () -> handOff(run, issue));
    }
  }

  /** Runs that are not asked for a disposition at once: the next sweep looks at them. */
  private static boolean ownsNextStep(Run run) {
    String reason = run.wakeReason();
    boolean commentOrMonitor = reason != null && (COMMENT_DRIVEN.contains(reason) || reason.startsWith("issue_monitor"));
    return HANDOFF.equals(reason) || commentOrMonitor || run.issueCommentStatus.equals("retry_exhausted");
  }

  /** A corrective run was the last chance; work that went on without a wake of its own gets one. */
  private void sweep(Run run, Issue issue) {
    if (!needsDisposition(run, issue) || !isLatest(run, issue)) {
      return;
    }
    if (HANDOFF.equals(run.wakeReason())) {
      escalate(run, issue);
    } else if (!"empty_response".equals(run.livenessState)) {
      ObjectNode context = AfterWrite.about(issue).put("retryReason", CONTINUATION).put("retryOfRunId", run.id);
      wake(run.agentId, CONTINUATION, context.put("source", "issue.productive_terminal_continuation_recovery"));
    }
  }

  private boolean isLatest(Run run, Issue issue) {
    return world.runs.values().stream()
        .filter(other -> issue.id.equals(other.issueId()))
        .noneMatch(other -> other.createdAt.isAfter(run.createdAt));
  }

  private boolean needsDisposition(Run run, Issue issue) {
    return issue.status() == Status.IN_PROGRESS
        && issue.isAssignedTo(run.agentId)
        && issue.monitorNextCheckAt == null
        && issue.executionBlocker == null
        && world.agent(run.agentId).invokable()
        && !world.hasPendingInteraction(issue)
        && !world.hasPendingApproval(issue)
        && world.unresolvedBlockers(issue).isEmpty()
        && world.holdOn(issue).isEmpty()
        && world.liveRuns(other -> issue.id.equals(other.issueId())).findAny().isEmpty();
  }

  private void handOff(Run run, Issue issue) {
    if (!needsDisposition(run, issue)) {
      return;
    }
    ObjectNode context = Json.object().put("issueId", issue.id).put("taskId", issue.id);
    context.put("sourceIssueId", issue.id).put("sourceRunId", run.id).put("handoffRequired", true);
    context.put("handoffReason", "successful_run_missing_state").put("missingDisposition", "clear_next_step");
    context.put("handoffAttempt", 1).put("maxHandoffAttempts", 1).put("resumeIntent", true);
    context.put("followUpRequested", true).put("resumeFromRunId", run.id).put("parentRunId", run.id);
    context.put(
        "instruction",
        "Your last run on this issue ended successfully, but the issue is still `in_progress` and has no valid disposition."
            + " Choose exactly one outcome and perform the matching Paperclip action.");
    wake(run.agentId, HANDOFF, context);
    thread.system(issue, "Paperclip needs a disposition before this issue can continue.", Optional.of(run));
    ObjectNode state = Json.object().put("state", "required").put("required", true);
    issue.handoff = state.put("sourceRunId", run.id).put("assigneeAgentId", run.agentId);
  }

  private void escalate(Run run, Issue issue) {
    if (!needsDisposition(run, issue)) {
      return;
    }
    issue.recoveryAction = action(issue, "missing_disposition", "successful_run_missing_state", run);
    issue.moveTo(Status.BLOCKED, world.now());
    thread.system(issue, "Paperclip could not get a disposition for this issue; the board decides.", Optional.of(run));
    ObjectNode state = Json.object().put("state", "escalated").put("required", false);
    issue.handoff = state.put("sourceRunId", run.id).put("assigneeAgentId", run.agentId);
  }

  /** A run failed, was stopped or timed out: nothing goes on by itself until somebody has looked. */
  void failed(Run run, Issue issue) {
    if (issue.status().closed() || !issue.isAssignedTo(run.agentId)) {
      return;
    }
    ObjectNode action = action(issue, "active_run_watchdog", FAILED_CAUSE, run);
    issue.recoveryAction = action;
    ObjectNode blocker = Json.object().put("recoveryActionId", action.path("id").asText()).put("cause", FAILED_CAUSE);
    blocker.put("runId", run.id).put("agentId", run.agentId).put("nextAction", FAILED_ACTION);
    issue.executionBlocker = blocker;
    world.later(world.options.reconciliationDelay(), () -> settle(issue, run, blocker));
  }

  /**
   * The sweep after a failure parks the issue. The recovery action is over, but what blocks its execution
   * stays whoever writes the issue afterwards: only the board's reconciliation ends that.
   */
  private void settle(Issue issue, Run run, ObjectNode blocker) {
    if (issue.executionBlocker == null || !blocker.path("runId").equals(issue.executionBlocker.path("runId"))) {
      return;
    }
    issue.recoveryAction = null;
    blocker.put("nextAction", SETTLED_NOTE);
    boolean taken = issue.executionRunId != null || issue.checkoutRunId != null;
    if (issue.isAssignedTo(run.agentId) && !issue.status().closed() && !taken) {
      issue.park(world.now());
    }
  }

  /** Ends the recovery of an issue that somebody has moved on; one that a sweep has settled stays. */
  static void revalidate(World world, Issue issue) {
    boolean moved =
        switch (issue.status()) {
          case DONE, CANCELLED -> true;
          case TODO, IN_PROGRESS -> issue.assigneeAgentId != null || issue.assigneeUserId != null;
          case IN_REVIEW -> ReviewPath.exists(world, issue);
          case BLOCKED -> issue.assigneeUserId != null || !world.unresolvedBlockers(issue).isEmpty();
          case BACKLOG -> false;
        };
    if (issue.recoveryAction != null && moved) {
      issue.recoveryAction = null;
      issue.executionBlocker = null;
    }
  }

  private ObjectNode action(Issue issue, String kind, String cause, Run run) {
    Instant now = world.now();
    ObjectNode action = Json.object().put("id", world.ids.next()).put("companyId", issue.companyId);
    action.put("sourceIssueId", issue.id).put("kind", kind).put("status", "active").put("ownerType", "board");
    action.putNull("ownerAgentId").put("returnOwnerAgentId", issue.assigneeAgentId).put("cause", cause);
    action.putObject("evidence").put("runId", run.id);
    action.put("nextAction", FAILED_ACTION).put("attemptCount", 1);
    return action.put("createdAt", Json.time(now)).put("updatedAt", Json.time(now));
  }

  private static ObjectNode baseContext(Run run, Issue issue) {
    ObjectNode context = Json.object().put("issueId", issue.id).put("taskId", issue.id);
    for (String field : List.of("source", "projectId")) {
      if (run.context.hasNonNull(field)) {
        context.set(field, run.context.get(field));
      }
    }
    return context;
  }

  private void wake(String agentId, String reason, ObjectNode context) {
    if (wakes != null) {
      wakes.wake(agentId, WakeSpec.automation(reason, context));
    }
  }
}
