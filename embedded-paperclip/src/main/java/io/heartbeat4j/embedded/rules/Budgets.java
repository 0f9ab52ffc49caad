package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Cost events, and the pause of an agent that has spent its budget. */
final class Budgets {

  private static final List<String> BILLING_TYPES = List.of(
      "metered_api", "subscription_included", "subscription_overage", "credits", "fixed", "unknown");


  private final World world;
  private final Approvals approvals;
  private final RunEnd runEnd;

  Budgets(World world, Approvals approvals, RunEnd runEnd) {
    this.world = world;
    this.approvals = approvals;
    this.runEnd = runEnd;
  }

  void routes(Router router) {
    router.on("POST", "/api/companies/:company/cost-events", this::report);
    router.on("GET", "/api/companies/:company/cost-events", this::list);
  }

  private Response list(Call call) {
    call.requireCompany(call.param("company"));
    ArrayNode answer = Json.array();
    world.costEvents.stream()
        .filter(event -> event.path("companyId").asText().equals(call.param("company")))
        .forEach(event -> answer.add(event.deepCopy()));
    return Response.ok(answer);
  }

  private Response report(Call call) {
    ObjectNode body =
        call.check()
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
            .orRefuse();
    String companyId = call.param("company");
    call.requireCompany(companyId);
    String agentId = body.path("agentId").asText();
    if (call.actor() instanceof Actor.AgentActor agent && !agent.is(agentId)) {
      throw Refusal.forbidden("Agent can only report its own costs");
    }
    Agent agent =
        world
            .agentOf(agentId)
            .filter(each -> each.companyId.equals(companyId))
            .orElseThrow(() -> Refusal.notFound("Agent not found"));
    ObjectNode event = event(companyId, body);
    world.costEvents.add(event);
    spend(agent, event.path("costCents").asLong());
    return Response.of(201, event.deepCopy());
  }

  private ObjectNode event(String companyId, ObjectNode body) {
    ObjectNode event = Json.object().put("id", world.ids.next()).put("companyId", companyId);
    event.put("agentId", body.path("agentId").asText());
    for (String field : List.of("issueId", "projectId", "goalId", "heartbeatRunId", "billingCode")) {
      event.put(field, Json.text(body, field));
    }
    String provider = body.path("provider").asText();
    event.put("provider", provider).put("biller", body.path("biller").asText(provider));
    event.put("billingType", body.path("billingType").asText("unknown"));
    event.put("costStatus", body.path("costStatus").asText("reported")).put("model", body.path("model").asText());
    event.put("inputTokens", body.path("inputTokens").asLong(0));
    event.put("cachedInputTokens", body.path("cachedInputTokens").asLong(0));
    event.put("outputTokens", body.path("outputTokens").asLong(0));
    event.put("costCents", body.path("costCents").asLong()).put("occurredAt", body.path("occurredAt").asText());
    return event.put("createdAt", Json.time(world.now()));
  }

  private void spend(Agent agent, long cents) {
    agent.spentMonthlyCents += cents;
    Company company = world.companies.get(agent.companyId);
    if (company != null) {
      company.spentMonthlyCents += cents;
    }
    boolean exhausted = agent.budgetMonthlyCents > 0 && agent.spentMonthlyCents >= agent.budgetMonthlyCents;
    if (!exhausted || !agent.invokable()) {
      return;
    }
    agent.status = "paused";
    agent.pauseReason = "budget";
    agent.pausedAt = world.now();
    agent.updatedAt = agent.pausedAt;
    ObjectNode payload = Json.object().put("scopeType", "agent").put("scopeId", agent.id);
    payload.put("budgetAmount", agent.budgetMonthlyCents).put("observedAmount", agent.spentMonthlyCents);
    approvals.add(agent.companyId, "budget_override_required", null, List.of(), payload);
    List<Run> live = world.liveRuns(run -> run.agentId.equals(agent.id)).toList();
    live.forEach(run -> runEnd.stop(run, "Cancelled due to budget pause", "cancelled"));
  }
}
