package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Routes of cost events and budgets; an agent that has used up its budget is paused. */
final class CostEventRoutes {

  private static final List<String> BILLING_TYPES = List.of(
      "metered_api", "subscription_included", "subscription_overage", "credits", "fixed", "unknown");

  private final ServerState server;
  private final AgentJsonRenderer json;
  private final ApprovalRoutes approvalRoutes;
  private final RunFinisher runFinisher;

  CostEventRoutes(ServerState server, AgentJsonRenderer json, ApprovalRoutes approvalRoutes, RunFinisher runFinisher) {
    this.server = server;
    this.json = json;
    this.approvalRoutes = approvalRoutes;
    this.runFinisher = runFinisher;
  }

  void routes(Router router) {
    router.route("POST", "/api/companies/:company/cost-events", this::reportCost);
    router.route("GET", "/api/companies/:company/cost-events", this::list);
    router.route("PATCH", "/api/agents/:agent/budgets", this::setBudget);
  }

  private ServerResponse list(ApiCall apiCall) {
    apiCall.requireCompany(apiCall.param("company"));
    ArrayNode answer = JsonNodes.array();
    server.costEvents.stream()
        .filter(event -> event.path("companyId").asText().equals(apiCall.param("company")))
        .forEach(event -> answer.add(event.deepCopy()));
    return ServerResponse.ok(answer);
  }

  /** Sets the budget, which pauses an agent that has spent it and ends such a pause where there is budget again. */
  private ServerResponse setBudget(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().wholeNumber("budgetMonthlyCents").orThrow();
    apiCall.requireBoard();
    AgentEntity agentEntity = server.findAgent(apiCall.param("agent"))
        .orElseThrow(() -> ApiException.notFound("Agent not found"));
    agentEntity.budgetMonthlyCents = body.path("budgetMonthlyCents").asLong();
    if ("budget".equals(agentEntity.pauseReason)) {
      agentEntity.endPause("idle", server.now());
    }
    pauseIfExhausted(agentEntity);
    return ServerResponse.ok(json.render(agentEntity));
  }

  private ServerResponse reportCost(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody()
        .uuid("agentId")
        .text("provider")
        .text("model")
        .wholeNumber("costCents")
        .time("occurredAt")
        .optionalUuid("issueId")
        .optionalUuid("heartbeatRunId")
        .optionalWholeNumber("inputTokens")
        .optionalWholeNumber("outputTokens")
        .optionalWholeNumber("cachedInputTokens")
        .optionalChoice("billingType", BILLING_TYPES)
        .optionalChoice("costStatus", List.of("reported", "unpriced"))
        .orThrow();
    String companyId = apiCall.param("company");
    apiCall.requireCompany(companyId);
    String agentId = body.path("agentId").asText();
    if (apiCall.actor() instanceof RequestActor.AgentActor agent && !agent.hasId(agentId)) {
      throw ApiException.forbidden("Agent can only report its own costs");
    }
    AgentEntity agentEntity = server
        .findAgent(agentId, companyId)
        .orElseThrow(() -> ApiException.notFound("Agent not found"));
    ObjectNode event = createEvent(companyId, body);
    server.costEvents.add(event);
    addSpending(agentEntity, event.path("costCents").asLong());
    return ServerResponse.of(201, event.deepCopy());
  }

  private ObjectNode createEvent(String companyId, ObjectNode body) {
    ObjectNode event = JsonNodes.object().put("id", server.idGenerator.next()).put("companyId", companyId);
    event.put("agentId", body.path("agentId").asText());
    for (String field : List.of("issueId", "projectId", "goalId", "heartbeatRunId", "billingCode")) {
      event.put(field, JsonNodes.text(body, field));
    }
    String provider = body.path("provider").asText();
    event.put("provider", provider).put("biller", body.path("biller").asText(provider));
    event.put("billingType", body.path("billingType").asText("unknown"));
    event.put("costStatus", body.path("costStatus").asText("reported")).put("model", body.path("model").asText());
    event.put("inputTokens", body.path("inputTokens").asLong(0));
    event.put("cachedInputTokens", body.path("cachedInputTokens").asLong(0));
    event.put("outputTokens", body.path("outputTokens").asLong(0));
    event.put("costCents", body.path("costCents").asLong()).put("occurredAt", body.path("occurredAt").asText());
    return event.put("createdAt", JsonNodes.time(server.now()));
  }

  private void addSpending(AgentEntity agentEntity, long cents) {
    agentEntity.spentMonthlyCents += cents;
    CompanyEntity companyEntity = server.companies.get(agentEntity.companyId);
    if (companyEntity != null) {
      companyEntity.spentMonthlyCents += cents;
    }
    pauseIfExhausted(agentEntity);
  }

  private void pauseIfExhausted(AgentEntity agentEntity) {
    boolean exhausted = agentEntity.budgetMonthlyCents > 0
        && agentEntity.spentMonthlyCents >= agentEntity.budgetMonthlyCents;
    if (!exhausted || !agentEntity.isInvokable()) {
      return;
    }
    agentEntity.pause("budget", server.now());
    ObjectNode payload = JsonNodes.object().put("scopeType", "agent").put("scopeId", agentEntity.id);
    payload.put("budgetAmount", agentEntity.budgetMonthlyCents).put("observedAmount", agentEntity.spentMonthlyCents);
    approvalRoutes.createApproval(agentEntity.companyId, "budget_override_required", null, List.of(), payload);
    runFinisher.stopRunsOf(agentEntity, "Cancelled due to budget pause", "cancelled");
  }
}
