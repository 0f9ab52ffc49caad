package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /api/issues/:issue/recovery-actions/resolve}, by which the board says what became of a run that was
 * stopped, or restores an issue whose runs left no disposition. Only the outcome {@code restored} to {@code todo}.
 */
final class RecoveryActionRoutes {

  private static final String RESTORED = "issue_recovery_action_restored";

  private final ServerState server;
  private final IssueAccessControl accessControl;
  private final WakeAdmissionService wakeAdmission;

  RecoveryActionRoutes(ServerState server, IssueAccessControl accessControl, WakeAdmissionService wakeAdmission) {
    this.server = server;
    this.accessControl = accessControl;
    this.wakeAdmission = wakeAdmission;
  }

  void routes(Router router) {
    router.route("POST", "/api/issues/:issue/recovery-actions/resolve", this::resolve);
  }

  private ServerResponse resolve(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody()
        .optionalUuid("actionId")
        .choice("outcome", List.of("restored"))
        .choice("sourceIssueStatus", List.of("todo"))
        .optionalObject("executionReconciliation")
        .orThrow();
    apiCall.requireBoard();
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    String actionId = activeAction(issueEntity)
        .filter(active -> !body.hasNonNull("actionId") || active.equals(body.path("actionId").asText()))
        .orElseThrow(() -> ApiException.notFound("Active recovery action not found"));
    ObjectNode context = IssueWakeRules.issueContext(issueEntity).put("recoveryActionId", actionId);
    if (issueEntity.executionBlocker == null) {
      context.put("source", "issue.recovery_action_resolution");
    } else {
      String run = reconciledRun(issueEntity, body.path("executionReconciliation"));
      context.put("source", "execution.reconciled").put("previousRunId", run).put("retryOfRunId", run)
          .put("forceFreshSession", true);
    }
    issueEntity.recoveryAction = null;
    issueEntity.executionBlocker = null;
    issueEntity.moveTo(IssueStatus.TODO, server.now());
    issueEntity.touch(server.now());
    server.schedule(Duration.ZERO, () -> wake(issueEntity, context));
    ObjectNode answer = JsonNodes.object();
    answer.set("issue", IssueJsonRenderer.render(issueEntity));
    answer.putObject("recoveryAction").put("id", actionId).put("status", "resolved").put("outcome", "handed_back");
    return ServerResponse.ok(answer);
  }

  /** The notice of a stopped run is settled by the sweep, and can still be resolved by what the board has seen. */
  private static Optional<String> activeAction(IssueEntity issueEntity) {
    return Optional.ofNullable(issueEntity.executionBlocker).map(blocker -> blocker.path("recoveryActionId").asText())
        .or(() -> Optional.ofNullable(issueEntity.recoveryAction).map(action -> action.path("id").asText()));
  }

  /** The stopped run, which has to be of the agent that has the issue now. */
  private String reconciledRun(IssueEntity issueEntity, JsonNode decision) {
    String run = String.valueOf(JsonNodes.text(issueEntity.executionBlocker, "runId"));
    if (!run.equals(JsonNodes.text(decision, "runId")) || issueEntity.assigneeAgentId == null) {
      throw ApiException.conflict(
          "Reconcile the recorded execution and its action outcomes before continuing this task.");
    }
    if (server.findRun(run).filter(stopped -> issueEntity.isAssignedTo(stopped.agentId)).isEmpty()) {
      throw ApiException.conflict(
          "The recovery source or task owner changed. Inspect the current execution before continuing.");
    }
    return run;
  }

  private void wake(IssueEntity issueEntity, ObjectNode context) {
    if (issueEntity.assigneeAgentId != null && !issueEntity.status().isClosed()) {
      wakeAdmission.admit(issueEntity.assigneeAgentId, WakeSpec.automation(RESTORED, context));
    }
  }
}
