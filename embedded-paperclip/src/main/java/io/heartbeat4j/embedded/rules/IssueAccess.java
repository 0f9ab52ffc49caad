package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may touch which issue: visibility, the run lock, run ownership and the cap on other issues. */
final class IssueAccess {

  private static final String CHECKOUT_BOUNDARY = "Run checkout lock";
  private static final String RUN_BOUNDARY = "Heartbeat run context";

  private final World world;

  IssueAccess(World world) {
    this.world = world;
  }

  /** The issue of the path parameter {@code issue}; what another company has does not exist. */
  Issue issue(Call call) {
    Issue issue = world.findIssue(call.param("issue"));
    if (issue == null || !call.sees(issue.companyId)) {
      throw Refusal.notFound("Issue not found");
    }
    return issue;
  }

  String requireRun(Actor.AgentActor agent) {
    String runId = agent.runId();
    if (runId == null) {
      throw Refusal.unauthorized("Agent run id required");
    }
    return runId;
  }

  /** Agents may write to idle issues of anybody, and to their own issue in progress with the run that owns it. */
  void mayWrite(Call call, Issue issue) {
    mayWrite(call, issue, true);
  }

  /**
   * @param visibleSuffices whether an idle issue of another agent may be written, as comments and fields may
   */
  void mayWrite(Call call, Issue issue, boolean visibleSuffices) {
    if (!(call.actor() instanceof Actor.AgentActor agent) || issue.assigneeAgentId == null) {
      return;
    }
    if (!agent.is(issue.assigneeAgentId)) {
      if (issue.status() == Status.IN_PROGRESS) {
        throw runLock(issue, agent);
      }
      if (!visibleSuffices) {
        ObjectNode details = Json.object().put("issueId", issue.id).put("assigneeAgentId", issue.assigneeAgentId);
        details.put("actorAgentId", agent.agent().id).put("status", issue.status().wire());
        throw Refusal.issueWrite(403, "Agent cannot mutate another agent's issue", details);
      }
      return;
    }
    if (issue.status() == Status.IN_PROGRESS) {
      mustOwn(issue, agent, requireRun(agent));
    }
  }

  private void mustOwn(Issue issue, Actor.AgentActor agent, String runId) {
    dropTerminalLocks(issue);
    if (runId.equals(issue.checkoutRunId)) {
      return;
    }
    boolean free = issue.checkoutRunId == null && (issue.executionRunId == null || runId.equals(issue.executionRunId));
    if (free && world.run(runId).filter(run -> run.live() && run.agentId.equals(agent.agent().id)).isPresent()) {
      issue.lock(runId, world.now());
      issue.executionLockedAt = issue.updatedAt;
      return;
    }
    ObjectNode details = locks(issue).put("actorAgentId", agent.agent().id).put("actorRunId", runId);
    throw Refusal.conflict("Issue run ownership conflict", details);
  }

  void dropTerminalLocks(Issue issue) {
    if (issue.executionRunId != null && !world.isLive(issue.executionRunId)) {
      issue.executionRunId = null;
      issue.executionAgentNameKey = null;
      issue.executionLockedAt = null;
    }
    if (issue.checkoutRunId != null && !world.isLive(issue.checkoutRunId)) {
      issue.checkoutRunId = null;
    }
  }

  static ObjectNode locks(Issue issue) {
    return Json.object()
        .put("issueId", issue.id)
        .put("status", issue.status().wire())
        .put("assigneeAgentId", issue.assigneeAgentId)
        .put("checkoutRunId", issue.checkoutRunId)
        .put("executionRunId", issue.executionRunId);
  }

  /** Counts a comment or an update against the run; a write without a scoped run of its own is refused. */
  void influence(Call call, Issue issue) {
    if (!(call.actor() instanceof Actor.AgentActor agent)) {
      return;
    }
    Optional<Run> run = ownRun(agent);
    if (run.isEmpty()) {
      throw runContextRequired();
    }
    String source = run.get().issueId();
    if (source == null) {
      if (world.options.scopedWritesOnly()) {
        throw runContextRequired();
      }
      return;
    }
    if (source.equals(issue.id) || source.equalsIgnoreCase(issue.identifier)) {
      return;
    }
    int attempt = ++run.get().influences;
    if (attempt > world.options.crossIssueCap()) {
      run.get().influences--;
      throw capExceeded(issue, agent, attempt);
    }
  }

  private Optional<Run> ownRun(Actor.AgentActor agent) {
    String runId = agent.runId();
    if (runId != null && !BodyCheck.isUuid(runId)) {
      throw Refusal.internal();
    }
    return world.run(runId).filter(run -> run.agentId.equals(agent.agent().id));
  }

  /** Agents act for the user of their run and for nobody else. */
  void refuseSpoof(Call call) {
    if (!(call.actor() instanceof Actor.AgentActor agent) || !call.body().hasNonNull("onBehalfOfUserId")) {
      return;
    }
    String boundary = "Server-derived attribution";
    String who = agent.agent().name + " itself: the write is allowed, only the chosen attribution is not.";
    String path =
        "Remove `onBehalfOfUserId` from the request and retry; the server fills in the responsible user from your run.";
    String error =
        "Responsible user cannot be chosen by the caller (" + boundary + "). `onBehalfOfUserId` is derived from the"
            + " authenticated actor, never from the request body \u2014 an agent cannot pick the human whose authority it"
            + " rides. The attempt was recorded in the audit log. Who can act: " + who + " Try this: " + path;
    ObjectNode details = denial("issue_write_attribution_spoof_rejected", boundary, who, path);
    throw Refusal.issueWrite(422, error, details);
  }

  private Refusal runLock(Issue issue, Actor.AgentActor agent) {
    String owner = world.agentOf(issue.assigneeAgentId).map(each -> each.name).orElse("the assignee");
    String who = owner + "'s live run, or an agent holding the manage-active-checkouts permission.";
    String path =
        "Comment instead of patching \u2014 comments stay open and wake " + owner
            + " \u2014 or wait for the run to release the lock and retry.";
    ObjectNode details = denial("issue_write_assignee_run_lock", CHECKOUT_BOUNDARY, who, path);
    details.put("issueId", issue.id).put("assigneeAgentId", issue.assigneeAgentId).put("actorAgentId", agent.agent().id);
    String error =
        "Another agent's run owns this task (" + CHECKOUT_BOUNDARY + "). " + owner + " has " + issue.identifier
            + " checked out and a run is live. Checkout and run ownership stay assignee-scoped even though writes are"
            + " open, so field edits belong to the run that holds the lock until it finishes. Who can act: " + who
            + " Try this: " + path;
    return Refusal.issueWrite(409, error, details);
  }

  private static Refusal runContextRequired() {
    String who = "this agent, once the request carries its own run id.";
    String path = "Send the `X-Paperclip-Run-Id` header with your current run (`$PAPERCLIP_RUN_ID`) and retry.";
    String error =
        "Cross-issue writes need a run to attribute them to (" + RUN_BOUNDARY + "). Every agent comment and task update"
            + " is attributed to a heartbeat run so the cross-issue cap can be counted and the audit trail can name who"
            + " acted for whom. This request arrived without a valid run, so it could not be contained. Who can act: "
            + who + " Try this: " + path;
    return Refusal.forbidden(error, denial("cross_issue_influence_run_context_required", RUN_BOUNDARY, who, path));
  }

  private Refusal capExceeded(Issue issue, Actor.AgentActor agent, int attempt) {
    int cap = world.options.crossIssueCap();
    String boundary = "Per-run cross-issue cap of " + cap + " writes";
    String who = agent.agent().name + " on its next heartbeat run, or the assignee on " + issue.identifier + " directly.";
    String path =
        "Consolidate what is left into one comment on your own task, or end the run and continue on the next"
            + " heartbeat \u2014 the budget resets per run.";
    String error =
        "This run has spent its cross-issue write budget (" + boundary + "). A single heartbeat run may make at most "
            + cap + " cross-issue comments or task updates combined; this was attempt " + attempt + ". Who can act: " + who
            + " Try this: " + path;
    ObjectNode details = denial("cross_issue_influence_cap_exceeded", boundary, who, path);
    return Refusal.issueWrite(429, error, details.put("cap", cap).put("count", attempt).put("mode", "enforce"));
  }

  private static ObjectNode denial(String code, String boundary, String who, String path) {
    return Json.object().put("code", code).put("boundary", boundary).put("whoCanAct", who).put("sanctionedPath", path);
  }

  /** Why the server lets this actor write here, as comments carry it. */
  static @Nullable String reason(Call call, Issue issue, String forOthers) {
    if (!(call.actor() instanceof Actor.AgentActor agent)) {
      return null;
    }
    return agent.is(issue.assigneeAgentId) ? "allow_self" : forOthers;
  }

  /** The board says nothing to an issue that it has paused; an agent may. */
  void refusePaused(Call call, Issue issue) {
    if (call.agentId() != null) {
      return;
    }
    world.holdOn(issue).ifPresent(hold -> {
      throw Refusal.conflict("Task is paused. Resume it before sending a message.",
          Json.object().put("issueId", issue.id).put("holdId", hold.id).put("rootIssueId", hold.rootIssueId));
    });
  }
}
