package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Agents, their keys, and their pauses. */
final class Agents {

  private final World world;
  private final AgentJson json;
  private final RunEnd runEnd;

  Agents(World world, AgentJson json, RunEnd runEnd) {
    this.world = world;
    this.json = json;
    this.runEnd = runEnd;
  }

  void routes(Router router) {
    router.on("GET", "/api/agents/me", call -> Response.ok(json.self(call.requireAgent().agent())));
    router.on("GET", "/api/companies/:company/agents", this::list);
    router.on("POST", "/api/companies/:company/agents", this::create);
    router.on("GET", "/api/agents/:agent", call -> Response.ok(json.self(find(call))));
    router.on("PATCH", "/api/agents/:agent", this::update);
    router.on("GET", "/api/agents/:agent/instructions-bundle/file", this::instructions);
    router.on("PUT", "/api/agents/:agent/instructions-bundle/file", this::instruct);
    router.on("GET", "/api/agents/:agent/keys", this::keys);
    router.on("POST", "/api/agents/:agent/keys", this::createKey);
    router.on("DELETE", "/api/agents/:agent/keys/:key", this::revokeKey);
    router.on("POST", "/api/agents/:agent/pause", this::pause);
    router.on("POST", "/api/agents/:agent/resume", this::resume);
    router.on("POST", "/api/agents/:agent/terminate", this::terminate);
  }

  private Agent find(Call call) {
    Agent agent = world.agents.get(call.param("agent"));
    if (agent == null || !call.sees(agent.companyId)) {
      throw Refusal.notFound("Agent not found");
    }
    return agent;
  }

  private Response list(Call call) {
    call.requireCompany(call.param("company"));
    ArrayNode answer = Json.array();
    world.agents.values().stream()
        .filter(agent -> agent.companyId.equals(call.param("company")) && !agent.terminated())
        .forEach(agent -> answer.add(json.row(agent)));
    return Response.ok(answer);
  }

  private Response create(Call call) {
    ObjectNode body =
        call.check().text("name").optionalText("role").optionalUuid("reportsTo").optionalObject("adapterConfig").orRefuse();
    String companyId = call.param("company");
    call.requireCompany(companyId);
    if (!world.companies.containsKey(companyId)) {
      throw Refusal.notFound("Company not found");
    }
    Agent agent = new Agent(world.ids.next(), companyId, body.path("name").asText(), world.ids, world.now());
    write(agent, body);
    world.agents.put(agent.id, agent);
    return Response.of(201, json.row(agent));
  }

  private Response update(Call call) {
    ObjectNode body = call.check().orRefuse();
    Agent agent = find(call);
    if (call.actor() instanceof Actor.AgentActor actor && !actor.is(agent.id)) {
      throw Refusal.forbidden("Board access required");
    }
    write(agent, body);
    agent.updatedAt = world.now();
    return Response.ok(json.row(agent));
  }

  private static void write(Agent agent, ObjectNode body) {
    agent.name = body.path("name").asText(agent.name);
    agent.role = body.path("role").asText(agent.role);
    if (body.has("title")) {
      agent.title = Json.text(body, "title");
    }
    if (body.has("capabilities")) {
      agent.capabilities = Json.text(body, "capabilities");
    }
    if (body.has("reportsTo")) {
      agent.reportsTo = Json.text(body, "reportsTo");
    }
    agent.adapterType = body.path("adapterType").asText(agent.adapterType);
    if (body.get("adapterConfig") instanceof ObjectNode config) {
      agent.adapterConfig = config.deepCopy();
    }
    if (body.get("runtimeConfig") instanceof ObjectNode config) {
      agent.runtimeConfig = config.deepCopy();
    }
    agent.budgetMonthlyCents = body.path("budgetMonthlyCents").asLong(agent.budgetMonthlyCents);
  }

  private Response instructions(Call call) {
    Agent agent = find(call);
    String path = String.valueOf(call.query("path"));
    String content = agent.instructions.get(path);
    if (content == null) {
      throw Refusal.notFound("Instructions file not found");
    }
    return Response.ok(Json.object().put("path", path).put("content", content));
  }

  private Response instruct(Call call) {
    ObjectNode body = call.check().text("path").text("content").orRefuse();
    call.requireBoard();
    Agent agent = find(call);
    agent.instructions.put(body.path("path").asText(), body.path("content").asText());
    agent.adapterConfig.put("instructionsBundleMode", "managed");
    if (!agent.adapterConfig.has("instructionsEntryFile")) {
      agent.adapterConfig.put("instructionsEntryFile", "AGENTS.md");
    }
    return Response.ok(Json.object().put("path", body.path("path").asText()).put("content", body.path("content").asText()));
  }

  private Response keys(Call call) {
    call.requireBoard();
    Agent agent = find(call);
    ArrayNode answer = Json.array();
    world.keysByToken.values().stream()
        .filter(key -> key.agentId.equals(agent.id))
        .forEach(
            key -> {
              ObjectNode one = answer.addObject().put("id", key.id).put("name", key.name);
              one.put("createdAt", Json.time(key.createdAt)).put("revokedAt", key.revoked ? Json.time(agent.updatedAt) : null);
            });
    return Response.ok(answer);
  }

  private Response createKey(Call call) {
    ObjectNode body = call.check().orRefuse();
    call.requireBoard();
    Agent agent = find(call);
    String secret = (world.ids.next() + world.ids.next()).replace("-", "");
    AgentKey key = new AgentKey(world.ids.next(), agent.id, body.path("name").asText("default"), "pcp_" + secret, world.now());
    world.keysByToken.put(key.token, key);
    ObjectNode answer = Json.object().put("id", key.id).put("name", key.name);
    answer.putObject("scope").put("kind", "standard");
    answer.put("responsibleUserId", Actor.BOARD_USER).put("token", key.token);
    return Response.of(201, answer.put("createdAt", Json.time(key.createdAt)));
  }

  private Response revokeKey(Call call) {
    call.requireBoard();
    Agent agent = find(call);
    AgentKey key =
        world.keysByToken.values().stream()
            .filter(each -> each.id.equals(call.param("key")) && each.agentId.equals(agent.id))
            .findFirst()
            .orElseThrow(() -> Refusal.notFound("Key not found"));
    key.revoked = true;
    return Response.ok(Json.object().put("ok", true));
  }

  private Response pause(Call call) {
    call.requireBoard();
    Agent agent = find(call);
    agent.status = "paused";
    agent.pauseReason = "manual";
    agent.pausedAt = world.now();
    agent.updatedAt = agent.pausedAt;
    stopAll(agent, "Cancelled due to agent pause", "agent_paused");
    return Response.ok(json.row(agent));
  }

  private Response resume(Call call) {
    call.requireBoard();
    Agent agent = find(call);
    if (agent.terminated()) {
      throw Refusal.conflict("Cannot resume terminated agent");
    }
    agent.status = "idle";
    agent.pauseReason = null;
    agent.pausedAt = null;
    agent.updatedAt = world.now();
    return Response.ok(json.row(agent));
  }

  private Response terminate(Call call) {
    call.requireBoard();
    Agent agent = find(call);
    agent.status = "terminated";
    agent.pauseReason = null;
    agent.pausedAt = null;
    agent.updatedAt = world.now();
    world.keysByToken.values().stream().filter(key -> key.agentId.equals(agent.id)).forEach(key -> key.revoked = true);
    stopAll(agent, "Cancelled because the agent was terminated", "cancelled");
    return Response.ok(json.row(agent));
  }

  private void stopAll(Agent agent, String why, String code) {
    List<Run> live = world.liveRuns(run -> run.agentId.equals(agent.id)).toList();
    live.forEach(run -> runEnd.stop(run, why, code));
  }
}
