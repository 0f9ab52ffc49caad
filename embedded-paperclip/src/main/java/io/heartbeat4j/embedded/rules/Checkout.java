package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checkout and release: the lock that a run takes on an issue. */
final class Checkout {

  private final World world;
  private final IssueAccess access;

  Checkout(World world, IssueAccess access) {
    this.world = world;
    this.access = access;
  }

  void routes(Router router) {
    router.on("POST", "/api/issues/:issue/checkout", this::checkout);
    router.on("POST", "/api/issues/:issue/release", this::release);
  }

  private Response checkout(Call call) {
    ObjectNode body = call.check().uuid("agentId").choices("expectedStatuses", Status.WIRE).orRefuse();
    Issue issue = access.issue(call);
    String agentId = body.path("agentId").asText();
    String runId = null;
    if (call.actor() instanceof Actor.AgentActor agent) {
      if (!agent.is(agentId)) {
        throw Refusal.forbidden("Agent can only checkout as itself");
      }
      runId = access.requireRun(agent);
      if (!BodyCheck.isUuid(runId)) {
        throw Refusal.internal();
      }
    }
    if (world.agentOf(agentId).filter(agent -> agent.companyId.equals(issue.companyId)).isEmpty()) {
      throw Refusal.notFound("Agent not found");
    }
    if (!answersInHold(runId)) {
      refuseHeld(issue);
    }
    access.dropTerminalLocks(issue);
    refuseBlocked(issue);
    List<String> expected = new ArrayList<>();
    body.path("expectedStatuses").forEach(status -> expected.add(status.asText()));
    take(issue, agentId, runId, expected);
    world.run(runId).ifPresent(run -> {
      run.touchedIssues.add(issue.id);
    });
    return Response.ok(IssueJson.row(issue));
  }

  private void take(Issue issue, String agentId, @Nullable String runId, List<String> expected) {
    boolean mine = issue.isAssignedTo(agentId);
    boolean lockFree = issue.checkoutRunId == null || issue.checkoutRunId.equals(runId);
    boolean executionFree = issue.executionRunId == null || issue.executionRunId.equals(runId);
    boolean assignable = issue.assigneeAgentId == null || (mine && lockFree);
    if (expected.contains(issue.status().wire()) && assignable && executionFree) {
      requireStoredRun(runId);
      Instant lockedAt = issue.executionLockedAt;
      String nameKey = issue.executionAgentNameKey;
      boolean kept = runId != null && runId.equals(issue.executionRunId);
      Instant now = world.now();
      issue.takeUp(now);
      issue.assigneeAgentId = agentId;
      issue.assigneeUserId = null;
      issue.checkoutRunId = runId;
      issue.executionRunId = runId;
      issue.executionLockedAt = kept ? lockedAt : null;
      issue.executionAgentNameKey = kept ? nameKey : null;
      issue.touch(now);
      return;
    }
    boolean ownInProgress = mine && issue.status() == Status.IN_PROGRESS;
    if (ownInProgress && issue.checkoutRunId == null && executionFree && runId != null) {
      requireStoredRun(runId);
      issue.lock(runId, world.now());
      return;
    }
    if (ownInProgress && runId != null && runId.equals(issue.checkoutRunId)) {
      return;
    }
    throw Refusal.conflict("Issue checkout conflict", IssueAccess.locks(issue));
  }

  /** The server's foreign key: an unknown run breaks the write. */
  private void requireStoredRun(@Nullable String runId) {
    if (runId != null && world.run(runId).isEmpty()) {
      throw Refusal.internal();
    }
  }

  /** Whether a comment has started the run in a hold: then the server refuses it nothing. */
  private boolean answersInHold(@Nullable String runId) {
    return world.run(runId).filter(run -> run.context.path("treeHoldInteraction").asBoolean(false)).isPresent();
  }

  private void refuseHeld(Issue issue) {
    world
        .holdOn(issue)
        .ifPresent(
            hold -> {
              ObjectNode details = Json.object().put("issueId", issue.id).put("holdId", hold.id);
              details.put("rootIssueId", hold.rootIssueId).put("mode", hold.mode);
              details.set(
                  "securityPrinciples", Json.array(List.of("Complete Mediation", "Fail Securely", "Secure Defaults")));
              throw Refusal.conflict("Issue checkout blocked by active subtree pause hold", details);
            });
  }

  private void refuseBlocked(Issue issue) {
    List<Issue> blockers = world.unresolvedBlockers(issue);
    if (blockers.isEmpty()) {
      return;
    }
    ObjectNode details = Json.object();
    details.set("unresolvedBlockerIssueIds", Json.array(blockers.stream().map(blocker -> blocker.id).toList()));
    ArrayNode list = details.putArray("unresolvedBlockers");
    for (Issue blocker : blockers) {
      ObjectNode one = list.addObject().put("issueId", blocker.id).put("identifier", blocker.identifier);
      one.put("title", blocker.title).put("reason", "not_done");
    }
    throw Refusal.unprocessable("Issue is blocked by unresolved blockers", details);
  }

  private Response release(Call call) {
    Issue issue = access.issue(call);
    access.mayWrite(call, issue, false);
    if (call.actor() instanceof Actor.AgentActor agent) {
      access.requireRun(agent);
    }
    Instant now = world.now();
    if (issue.status() == Status.IN_PROGRESS) {
      issue.moveTo(Status.TODO, now);
    }
    issue.unlock();
    issue.assigneeAgentId = null;
    issue.touch(now);
    return Response.ok(IssueJson.row(issue));
  }
}
