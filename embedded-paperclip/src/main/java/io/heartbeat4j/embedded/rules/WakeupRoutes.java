package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Routes by which the board wakes an agent, or an agent wakes itself. */
final class WakeupRoutes {

  private static final List<String> SOURCES = List.of("timer", "assignment", "on_demand", "automation");

  private final ServerState server;
  private final WakeAdmissionService wakeAdmission;

  WakeupRoutes(ServerState server, WakeAdmissionService wakeAdmission) {
    this.server = server;
    this.wakeAdmission = wakeAdmission;
  }

  void routes(Router router) {
    router.route("POST", "/api/agents/:agent/wakeup", this::wakeup);
    router.route("POST", "/api/agents/:agent/heartbeat/invoke", this::invoke);
  }

  private ServerResponse wakeup(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().optionalChoice("source", SOURCES).optionalObject("payload").orThrow();
    AgentEntity agentEntity = findInvokableAgent(apiCall);
    ObjectNode context = triggerContext(apiCall).put("forceFreshSession",
        body.path("forceFreshSession").asBoolean(false));
    return wake(apiCall, agentEntity, body, context, body.path("source").asText("on_demand"));
  }

  private ServerResponse invoke(ApiCall apiCall) {
    AgentEntity agentEntity = findInvokableAgent(apiCall);
    return wake(apiCall, agentEntity, apiCall.body(), triggerContext(apiCall), "on_demand");
  }

  private AgentEntity findInvokableAgent(ApiCall apiCall) {
    AgentEntity agentEntity = server.agents.get(apiCall.param("agent"));
    if (agentEntity == null || !apiCall.canSee(agentEntity.companyId)) {
      throw ApiException.notFound("Agent not found");
    }
    if (apiCall.actor() instanceof RequestActor.AgentActor actor && !actor.hasId(agentEntity.id)) {
      throw ApiException.forbidden("Agent can only invoke itself");
    }
    if (agentEntity.isPausedByBudget()) {
      ObjectNode details = JsonNodes.object().put("scopeType", "agent").put("scopeId", agentEntity.id);
      throw ApiException.conflict("Agent is paused because its budget hard-stop was reached.", details);
    }
    if (!agentEntity.isInvokable()) {
      ObjectNode details = JsonNodes.object().put("status", agentEntity.status).put("reason", agentEntity.status);
      details.put("invalidOrgChain", false).put("agentId", agentEntity.id).put("agentStatus", agentEntity.status);
      throw ApiException.conflict("Agent is not invokable in its current state", details);
    }
    return agentEntity;
  }

  private static ObjectNode triggerContext(ApiCall apiCall) {
    String agentId = apiCall.agentId();
    ObjectNode context = JsonNodes.object().put("triggeredBy", agentId == null ? "board" : "agent");
    context.put("actorId", agentId == null ? RequestActor.BOARD_USER : agentId);
    return context.put("responsibleUserId", RequestActor.BOARD_USER);
  }

  private ServerResponse wake(ApiCall apiCall, AgentEntity agentEntity, ObjectNode body, ObjectNode context,
      String source) {
    ObjectNode payload = body.get("payload") instanceof ObjectNode object ? object : JsonNodes.object();
    for (String field : List.of("issueId", "taskId", "taskKey")) {
      String value = JsonNodes.text(payload, field);
      if (value != null) {
        context.put(field, value);
      }
    }
    String commentId = JsonNodes.text(payload, "commentId");
    if (commentId != null && apiCall.agentId() == null) {
      context.put("commentId", commentId);
    }
    boolean byBoard = apiCall.agentId() == null;
    String detail = body.path("triggerDetail").asText("manual");
    WakeSpec spec = new WakeSpec(source, detail, JsonNodes.text(body, "reason"), context, byBoard, byBoard);
    return switch (wakeAdmission.admit(agentEntity.id, spec)) {
      case WakeAdmissionService.Admission.Running running ->
        ServerResponse.of(202, RunJsonRenderer.render(running.run()));
      case WakeAdmissionService.Admission.Deferred deferred ->
        ServerResponse.of(202, skippedResponse(JsonNodes.text(payload, "issueId"), "wakeup_skipped"));
      case WakeAdmissionService.Admission.Skipped skipped ->
        ServerResponse.of(202, skippedResponse(JsonNodes.text(payload, "issueId"), skipped.reason()));
    };
  }

  private ObjectNode skippedResponse(@org.jspecify.annotations.Nullable String issueId, String reason) {
    ObjectNode answer = JsonNodes.object().put("status", "skipped").put("reason", "wakeup_skipped");
    answer.put("message", "Wakeup was skipped.").put("issueId", issueId);
    JsonNodes.putNulls(answer, "executionRunId", "executionAgentId", "executionAgentName");
    IssueEntity issueEntity = issueId == null ? null : server.findIssue(issueId);
    if (issueEntity == null) {
      return answer;
    }
    if (issueEntity.executionBlocker != null) {
      answer.put("reason", reason).put("message", issueEntity.executionBlocker.path("nextAction").asText());
      answer.put("executionRunId", issueEntity.executionBlocker.path("runId").asText());
      return answer.put("executionAgentId", issueEntity.executionBlocker.path("agentId").asText());
    }
    Optional<RunEntity> run = server
        .findRun(issueEntity.executionRunId)
        .filter(RunEntity::isLive)
        .or(() -> server.liveRuns(each -> issueEntity.id.equals(each.issueId())).findFirst());
    run.ifPresent(
        live -> {
          String name = server.agent(live.agentId).name;
          answer.put("reason", "issue_execution_deferred").put("executionRunId", live.id);
          answer.put("message", "Wakeup was deferred because this issue is already being executed by " + name + ".");
          answer.put("executionAgentId", live.agentId).put("executionAgentName", name);
        });
    return answer;
  }
}
