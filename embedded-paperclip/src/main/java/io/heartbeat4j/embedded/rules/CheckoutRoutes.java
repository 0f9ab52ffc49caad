package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes of checkout and release. */
final class CheckoutRoutes {

  private final ServerState server;
  private final IssueAccessControl accessControl;

  CheckoutRoutes(ServerState server, IssueAccessControl accessControl) {
    this.server = server;
    this.accessControl = accessControl;
  }

  void routes(Router router) {
    router.route("POST", "/api/issues/:issue/checkout", this::checkout);
    router.route("POST", "/api/issues/:issue/release", this::release);
  }

  private ServerResponse checkout(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().uuid("agentId").choices("expectedStatuses", IssueStatus.WIRE_NAMES)
        .orThrow();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    String agentId = body.path("agentId").asText();
    String runId = null;
    if (apiCall.actor() instanceof RequestActor.AgentActor agent) {
      if (!agent.hasId(agentId)) {
        throw ApiException.forbidden("Agent can only checkout as itself");
      }
      runId = accessControl.requireRun(agent);
      if (!BodyValidator.isUuid(runId)) {
        throw ApiException.internalError();
      }
    }
    if (server.findAgent(agentId, issueEntity.companyId).isEmpty()) {
      throw ApiException.notFound("Agent not found");
    }
    if (!isHoldInteraction(runId)) {
      rejectIfHeld(issueEntity);
    }
    accessControl.releaseDeadRunLocks(issueEntity);
    rejectIfBlocked(issueEntity);
    checkOut(issueEntity, agentId, runId, JsonNodes.texts(body.path("expectedStatuses")));
    server.findRun(runId).ifPresent(runEntity -> runEntity.touchedIssues.add(issueEntity.id));
    return ServerResponse.ok(IssueJsonRenderer.render(issueEntity));
  }

  private void checkOut(IssueEntity issueEntity, String agentId, @Nullable String runId, List<String> expected) {
    boolean mine = issueEntity.isAssignedTo(agentId);
    boolean lockFree = issueEntity.checkoutRunId == null || issueEntity.checkoutRunId.equals(runId);
    boolean executionFree = issueEntity.executionRunId == null || issueEntity.executionRunId.equals(runId);
    boolean assignable = issueEntity.assigneeAgentId == null || (mine && lockFree);
    if (expected.contains(issueEntity.status().wireName()) && assignable && executionFree) {
      requireStoredRun(runId);
      Instant lockedAt = issueEntity.executionLockedAt;
      String nameKey = issueEntity.executionAgentNameKey;
      boolean kept = runId != null && runId.equals(issueEntity.executionRunId);
      Instant now = server.now();
      issueEntity.checkOut(now);
      issueEntity.assigneeAgentId = agentId;
      issueEntity.assigneeUserId = null;
      issueEntity.checkoutRunId = runId;
      issueEntity.executionRunId = runId;
      issueEntity.executionLockedAt = kept ? lockedAt : null;
      issueEntity.executionAgentNameKey = kept ? nameKey : null;
      issueEntity.touch(now);
      return;
    }
    boolean ownInProgress = mine && issueEntity.status() == IssueStatus.IN_PROGRESS;
    if (ownInProgress && issueEntity.checkoutRunId == null && executionFree && runId != null) {
      requireStoredRun(runId);
      issueEntity.lock(runId, server.now());
      return;
    }
    if (ownInProgress && runId != null && runId.equals(issueEntity.checkoutRunId)) {
      return;
    }
    throw ApiException.conflict("Issue checkout conflict", IssueAccessControl.lockDetails(issueEntity));
  }

  /** An unknown run is 500, because the real server violates a foreign key. */
  private void requireStoredRun(@Nullable String runId) {
    if (runId != null && server.findRun(runId).isEmpty()) {
      throw ApiException.internalError();
    }
  }

  /** Whether a comment started the run during a hold; such a run may check out held issues. */
  private boolean isHoldInteraction(@Nullable String runId) {
    return server.findRun(runId).filter(runEntity -> runEntity.context.path("treeHoldInteraction").asBoolean(false))
        .isPresent();
  }

  private void rejectIfHeld(IssueEntity issueEntity) {
    server
        .activeHoldOn(issueEntity)
        .ifPresent(
            treeHoldEntity -> {
              ObjectNode details = JsonNodes.object().put("issueId", issueEntity.id).put("holdId", treeHoldEntity.id);
              details.put("rootIssueId", treeHoldEntity.rootIssueId).put("mode", treeHoldEntity.mode);
              details.set(
                  "securityPrinciples",
                  JsonNodes.array(List.of("Complete Mediation", "Fail Securely", "Secure Defaults")));
              throw ApiException.conflict("Issue checkout blocked by active subtree pause hold", details);
            });
  }

  private void rejectIfBlocked(IssueEntity issueEntity) {
    List<IssueEntity> blockers = server.unresolvedBlockers(issueEntity);
    if (blockers.isEmpty()) {
      return;
    }
    ObjectNode details = JsonNodes.object();
    details.set("unresolvedBlockerIssueIds", JsonNodes.array(blockers.stream().map(blocker -> blocker.id).toList()));
    ArrayNode list = details.putArray("unresolvedBlockers");
    for (IssueEntity blocker : blockers) {
      ObjectNode one = list.addObject().put("issueId", blocker.id).put("identifier", blocker.identifier);
      one.put("title", blocker.title).put("reason", "not_done");
    }
    throw ApiException.unprocessable("Issue is blocked by unresolved blockers", details);
  }

  private ServerResponse release(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    accessControl.requireWritable(apiCall, issueEntity, false);
    if (apiCall.actor() instanceof RequestActor.AgentActor agent) {
      accessControl.requireRun(agent);
    }
    Instant now = server.now();
    if (issueEntity.status() == IssueStatus.IN_PROGRESS) {
      issueEntity.moveTo(IssueStatus.TODO, now);
    }
    issueEntity.unlock();
    issueEntity.assigneeAgentId = null;
    issueEntity.touch(now);
    return ServerResponse.ok(IssueJsonRenderer.render(issueEntity));
  }
}
