package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Wakes asked for by hand: by the board, or by an agent for itself. */
final class Wakeups {

  private static final List<String> SOURCES = List.of("timer", "assignment", "on_demand", "automation");

  private final World world;
  private final Wakes wakes;

  Wakeups(World world, Wakes wakes) {
    this.world = world;
    this.wakes = wakes;
  }

  void routes(Router router) {
    router.on("POST", "/api/agents/:agent/wakeup", this::wakeup);
    router.on("POST", "/api/agents/:agent/heartbeat/invoke", this::invoke);
  }

  private Response wakeup(Call call) {
    ObjectNode body = call.check().optionalChoice("source", SOURCES).optionalObject("payload").orRefuse();
    Agent agent = invokable(call);
    ObjectNode context = triggered(call).put("forceFreshSession", body.path("forceFreshSession").asBoolean(false));
    return wake(call, agent, body, context, body.path("source").asText("on_demand"));
  }

  private Response invoke(Call call) {
    Agent agent = invokable(call);
    return wake(call, agent, call.body(), triggered(call), "on_demand");
  }

  private Agent invokable(Call call) {
    Agent agent = world.agents.get(call.param("agent"));
    if (agent == null || !call.sees(agent.companyId)) {
      throw Refusal.notFound("Agent not found");
    }
    if (call.actor() instanceof Actor.AgentActor actor && !actor.is(agent.id)) {
      throw Refusal.forbidden("Agent can only invoke itself");
    }
    if (agent.pausedByBudget()) {
      ObjectNode details = Json.object().put("scopeType", "agent").put("scopeId", agent.id);
      throw Refusal.conflict("Agent is paused because its budget hard-stop was reached.", details);
    }
    if (!agent.invokable()) {
      ObjectNode details = Json.object().put("status", agent.status).put("reason", agent.status);
      details.put("invalidOrgChain", false).put("agentId", agent.id).put("agentStatus", agent.status);
      throw Refusal.conflict("Agent is not invokable in its current state", details);
    }
    return agent;
  }

  private static ObjectNode triggered(Call call) {
    String agentId = call.agentId();
    ObjectNode context = Json.object().put("triggeredBy", agentId == null ? "board" : "agent");
    context.put("actorId", agentId == null ? Actor.BOARD_USER : agentId);
    return context.put("responsibleUserId", Actor.BOARD_USER);
  }

  private Response wake(Call call, Agent agent, ObjectNode body, ObjectNode context, String source) {
    ObjectNode payload = body.get("payload") instanceof ObjectNode object ? object : Json.object();
    for (String field : List.of("issueId", "taskId", "taskKey")) {
      String value = Json.text(payload, field);
      if (value != null) {
        context.put(field, value);
      }
    }
    String commentId = Json.text(payload, "commentId");
    if (commentId != null && call.agentId() == null) {
      context.put("commentId", commentId);
    }
    boolean byBoard = call.agentId() == null;
    String detail = body.path("triggerDetail").asText("manual");
    WakeSpec spec = new WakeSpec(source, detail, Json.text(body, "reason"), context, byBoard, byBoard);
    return switch (wakes.wake(agent.id, spec)) {
      case Wakes.Admission.Running running -> Response.of(202, RunJson.row(running.run()));
      case Wakes.Admission.Deferred deferred -> Response.of(202, skipped(Json.text(payload, "issueId"), "wakeup_skipped"));
      case Wakes.Admission.Skipped skipped -> Response.of(202, skipped(Json.text(payload, "issueId"), skipped.reason()));
    };
  }

  private ObjectNode skipped(@org.jspecify.annotations.Nullable String issueId, String reason) {
    ObjectNode answer = Json.object().put("status", "skipped").put("reason", "wakeup_skipped");
    answer.put("message", "Wakeup was skipped.").put("issueId", issueId);
    Json.nulls(answer, "executionRunId", "executionAgentId", "executionAgentName");
    Issue issue = issueId == null ? null : world.findIssue(issueId);
    if (issue == null) {
      return answer;
    }
    if (issue.executionBlocker != null) {
      answer.put("reason", reason).put("message", issue.executionBlocker.path("nextAction").asText());
      answer.put("executionRunId", issue.executionBlocker.path("runId").asText());
      return answer.put("executionAgentId", issue.executionBlocker.path("agentId").asText());
    }
    Optional<Run> run =
        world
            .run(issue.executionRunId)
            .filter(Run::live)
            .or(() -> world.liveRuns(each -> issue.id.equals(each.issueId())).findFirst());
    run.ifPresent(
        live -> {
          String name = world.agent(live.agentId).name;
          answer.put("reason", "issue_execution_deferred").put("executionRunId", live.id);
          answer.put("message", "Wakeup was deferred because this issue is already being executed by " + name + ".");
          answer.put("executionAgentId", live.agentId).put("executionAgentName", name);
        });
    return answer;
  }
}
