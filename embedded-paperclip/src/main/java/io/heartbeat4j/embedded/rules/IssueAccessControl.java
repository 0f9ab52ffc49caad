package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks access to issues: visibility, run lock, run ownership and the cap on writes to other issues. */
final class IssueAccessControl {

  private static final String CHECKOUT_BOUNDARY = "Run checkout lock";
  private static final String RUN_BOUNDARY = "Heartbeat run context";
  private static final int CROSS_ISSUE_CAP = 20;

  private final ServerState server;

  IssueAccessControl(ServerState server) {
    this.server = server;
  }

  /** The issue of the path parameter {@code issue}; an issue of another company is 404. */
  IssueEntity findIssue(ApiCall apiCall) {
    IssueEntity issueEntity = server.findIssue(apiCall.param("issue"));
    if (issueEntity == null || !apiCall.canSee(issueEntity.companyId)) {
      throw ApiException.notFound("Issue not found");
    }
    return issueEntity;
  }

  String requireRun(RequestActor.AgentActor agent) {
    String runId = agent.runId();
    if (runId == null) {
      throw ApiException.unauthorized("Agent run id required");
    }
    return runId;
  }

  /**
   * Refuses an agent's write to an issue that is in progress, unless the agent's run owns the issue.
   *
   * @param visibleSuffices whether an issue of another agent that is not in progress may be written
   */
  void requireWritable(ApiCall apiCall, IssueEntity issueEntity, boolean visibleSuffices) {
    if (!(apiCall.actor() instanceof RequestActor.AgentActor agent) || issueEntity.assigneeAgentId == null) {
      return;
    }
    if (!agent.hasId(issueEntity.assigneeAgentId)) {
      if (issueEntity.status() == IssueStatus.IN_PROGRESS) {
        throw runLockConflict(issueEntity, agent);
      }
      if (!visibleSuffices) {
        ObjectNode details = JsonNodes.object().put("issueId", issueEntity.id).put("assigneeAgentId",
            issueEntity.assigneeAgentId);
        details.put("actorAgentId", agent.agent().id).put("status", issueEntity.status().wireName());
        throw ApiException.issueWriteDenied(403, "Agent cannot mutate another agent's issue", details);
      }
      return;
    }
    if (issueEntity.status() == IssueStatus.IN_PROGRESS) {
      requireRunOwnership(issueEntity, agent, requireRun(agent));
    }
  }

  private void requireRunOwnership(IssueEntity issueEntity, RequestActor.AgentActor agent, String runId) {
    releaseDeadRunLocks(issueEntity);
    if (runId.equals(issueEntity.checkoutRunId)) {
      return;
    }
    boolean free = issueEntity.checkoutRunId == null
        && (issueEntity.executionRunId == null || runId.equals(issueEntity.executionRunId));
    if (free && server.findRun(runId)
        .filter(runEntity -> runEntity.isLive() && runEntity.agentId.equals(agent.agent().id)).isPresent()) {
      issueEntity.lock(runId, server.now());
      issueEntity.executionLockedAt = issueEntity.updatedAt;
      return;
    }
    ObjectNode details = lockDetails(issueEntity).put("actorAgentId", agent.agent().id).put("actorRunId", runId);
    throw ApiException.conflict("Issue run ownership conflict", details);
  }

  void releaseDeadRunLocks(IssueEntity issueEntity) {
    if (issueEntity.executionRunId != null && !server.isLiveRun(issueEntity.executionRunId)) {
      issueEntity.clearExecutionLock();
    }
    if (issueEntity.checkoutRunId != null && !server.isLiveRun(issueEntity.checkoutRunId)) {
      issueEntity.checkoutRunId = null;
    }
  }

  static ObjectNode lockDetails(IssueEntity issueEntity) {
    return JsonNodes.object()
        .put("issueId", issueEntity.id)
        .put("status", issueEntity.status().wireName())
        .put("assigneeAgentId", issueEntity.assigneeAgentId)
        .put("checkoutRunId", issueEntity.checkoutRunId)
        .put("executionRunId", issueEntity.executionRunId);
  }

  /**
   * Counts a write to another issue against the cap of the run. Refuses writes without a valid run, and of unscoped runs
   * unless the server has no such rule.
   */
  void countCrossIssueWrite(ApiCall apiCall, IssueEntity issueEntity) {
    if (!(apiCall.actor() instanceof RequestActor.AgentActor agent)) {
      return;
    }
    Optional<RunEntity> run = ownRun(agent);
    if (run.isEmpty()) {
      throw runContextRequired();
    }
    String source = run.get().issueId();
    if (source == null) {
      if (server.options.requiresScopedWrites()) {
        throw runContextRequired();
      }
      return;
    }
    if (source.equals(issueEntity.id) || source.equalsIgnoreCase(issueEntity.identifier)) {
      return;
    }
    int attempt = ++run.get().crossIssueWrites;
    if (attempt > CROSS_ISSUE_CAP) {
      run.get().crossIssueWrites--;
      throw capExceeded(issueEntity, agent, attempt);
    }
  }

  private Optional<RunEntity> ownRun(RequestActor.AgentActor agent) {
    String runId = agent.runId();
    if (runId != null && !BodyValidator.isUuid(runId)) {
      throw ApiException.internalError();
    }
    return server.findRun(runId).filter(runEntity -> runEntity.agentId.equals(agent.agent().id));
  }

  /** Refuses {@code onBehalfOfUserId} from agents: the server derives the user from the run. */
  void rejectSpoofedUser(ApiCall apiCall) {
    if (!(apiCall.actor() instanceof RequestActor.AgentActor agent) || !apiCall.body().hasNonNull("onBehalfOfUserId")) {
      return;
    }
    String boundary = "Server-derived attribution";
    String who = agent.agent().name + " itself: the write is allowed, only the chosen attribution is not.";
    String path = "Remove `onBehalfOfUserId` from the request and retry; the server fills in the responsible user from your run.";
    String error = "Responsible user cannot be chosen by the caller (" + boundary
        + "). `onBehalfOfUserId` is derived from the"
        + " authenticated actor, never from the request body \u2014 an agent cannot pick the human whose authority it"
        + " rides. The attempt was recorded in the audit log. Who can act: " + who + " Try this: " + path;
    ObjectNode details = denialDetails("issue_write_attribution_spoof_rejected", boundary, who, path);
    throw ApiException.issueWriteDenied(422, error, details);
  }

  private ApiException runLockConflict(IssueEntity issueEntity, RequestActor.AgentActor agent) {
    String owner = server.findAgent(issueEntity.assigneeAgentId).map(each -> each.name).orElse("the assignee");
    String who = owner + "'s live run, or an agent holding the manage-active-checkouts permission.";
    String path = "Comment instead of patching \u2014 comments stay open and wake " + owner
        + " \u2014 or wait for the run to release the lock and retry.";
    ObjectNode details = denialDetails("issue_write_assignee_run_lock", CHECKOUT_BOUNDARY, who, path);
    details.put("issueId", issueEntity.id).put("assigneeAgentId", issueEntity.assigneeAgentId).put("actorAgentId",
        agent.agent().id);
    String error = "Another agent's run owns this task (" + CHECKOUT_BOUNDARY + "). " + owner + " has "
        + issueEntity.identifier
        + " checked out and a run is live. Checkout and run ownership stay assignee-scoped even though writes are"
        + " open, so field edits belong to the run that holds the lock until it finishes. Who can act: " + who
        + " Try this: " + path;
    return ApiException.issueWriteDenied(409, error, details);
  }

  private static ApiException runContextRequired() {
    String who = "this agent, once the request carries its own run id.";
    String path = "Send the `X-Paperclip-Run-Id` header with your current run (`$PAPERCLIP_RUN_ID`) and retry.";
    String error = "Cross-issue writes need a run to attribute them to (" + RUN_BOUNDARY
        + "). Every agent comment and task update"
        + " is attributed to a heartbeat run so the cross-issue cap can be counted and the audit trail can name who"
        + " acted for whom. This request arrived without a valid run, so it could not be contained. Who can act: "
        + who + " Try this: " + path;
    return ApiException.forbidden(error,
        denialDetails("cross_issue_influence_run_context_required", RUN_BOUNDARY, who, path));
  }

  private static ApiException capExceeded(IssueEntity issueEntity, RequestActor.AgentActor agent, int attempt) {
    String boundary = "Per-run cross-issue cap of " + CROSS_ISSUE_CAP + " writes";
    String who = agent.agent().name + " on its next heartbeat run, or the assignee on " + issueEntity.identifier
        + " directly.";
    String path = "Consolidate what is left into one comment on your own task, or end the run and continue on the next"
        + " heartbeat \u2014 the budget resets per run.";
    String error = "This run has spent its cross-issue write budget (" + boundary
        + "). A single heartbeat run may make at most "
        + CROSS_ISSUE_CAP + " cross-issue comments or task updates combined; this was attempt " + attempt
        + ". Who can act: " + who
        + " Try this: " + path;
    ObjectNode details = denialDetails("cross_issue_influence_cap_exceeded", boundary, who, path);
    return ApiException.issueWriteDenied(429, error,
        details.put("cap", CROSS_ISSUE_CAP).put("count", attempt).put("mode", "enforce"));
  }

  private static ObjectNode denialDetails(String code, String boundary, String who, String path) {
    return JsonNodes.object().put("code", code).put("boundary", boundary).put("whoCanAct", who).put("sanctionedPath",
        path);
  }

  /** Why the write is allowed, for the metadata of the comment; null for the board. */
  static @Nullable String authorizationReason(ApiCall apiCall, IssueEntity issueEntity, String forOthers) {
    if (!(apiCall.actor() instanceof RequestActor.AgentActor agent)) {
      return null;
    }
    return agent.hasId(issueEntity.assigneeAgentId) ? "allow_self" : forOthers;
  }

  /** Refuses comments of the board on an issue with an active hold; agents may comment. */
  void rejectIfPaused(ApiCall apiCall, IssueEntity issueEntity) {
    if (apiCall.agentId() != null) {
      return;
    }
    server.activeHoldOn(issueEntity).ifPresent(treeHoldEntity -> {
      throw ApiException.conflict("Task is paused. Resume it before sending a message.",
          JsonNodes.object().put("issueId", issueEntity.id).put("holdId", treeHoldEntity.id).put("rootIssueId",
              treeHoldEntity.rootIssueId));
    });
  }
}
