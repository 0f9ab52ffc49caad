package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Routes of agents: fields, instructions, keys, pause and termination. */
final class AgentRoutes {

  private final ServerState server;
  private final AgentJsonRenderer json;
  private final RunFinisher runFinisher;

  AgentRoutes(ServerState server, AgentJsonRenderer json, RunFinisher runFinisher) {
    this.server = server;
    this.json = json;
    this.runFinisher = runFinisher;
  }

  void routes(Router router) {
    router.route("GET", "/api/agents/me",
        apiCall -> ServerResponse.ok(json.renderSelf(apiCall.requireAgent().agent())));
    router.route("GET", "/api/companies/:company/agents", this::list);
    router.route("POST", "/api/companies/:company/agents", this::create);
    router.route("GET", "/api/agents/:agent", apiCall -> ServerResponse.ok(json.renderSelf(find(apiCall))));
    router.route("PATCH", "/api/agents/:agent", this::update);
    router.route("GET", "/api/agents/:agent/instructions-bundle/file", this::getInstructions);
    router.route("PUT", "/api/agents/:agent/instructions-bundle/file", this::putInstructions);
    router.route("GET", "/api/agents/:agent/keys", this::listKeys);
    router.route("POST", "/api/agents/:agent/keys", this::createKey);
    router.route("DELETE", "/api/agents/:agent/keys/:key", this::revokeKey);
    router.route("POST", "/api/agents/:agent/pause", this::pause);
    router.route("POST", "/api/agents/:agent/resume", this::resume);
    router.route("POST", "/api/agents/:agent/terminate", this::terminate);
  }

  private AgentEntity find(ApiCall apiCall) {
    AgentEntity agentEntity = server.agents.get(apiCall.param("agent"));
    if (agentEntity == null || !apiCall.canSee(agentEntity.companyId)) {
      throw ApiException.notFound("Agent not found");
    }
    return agentEntity;
  }

  private ServerResponse list(ApiCall apiCall) {
    apiCall.requireCompany(apiCall.param("company"));
    ArrayNode answer = JsonNodes.array();
    server.agents.values().stream()
        .filter(agentEntity -> agentEntity.companyId.equals(apiCall.param("company")) && !agentEntity.isTerminated())
        .forEach(agentEntity -> answer.add(json.render(agentEntity)));
    return ServerResponse.ok(answer);
  }

  private ServerResponse create(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("name").optionalText("role").optionalUuid("reportsTo")
        .optionalObject("adapterConfig").orThrow();
    String companyId = apiCall.param("company");
    apiCall.requireCompany(companyId);
    if (!server.companies.containsKey(companyId)) {
      throw ApiException.notFound("Company not found");
    }
    AgentEntity agentEntity = new AgentEntity(server.idGenerator.next(), companyId, body.path("name").asText(),
        server.idGenerator, server.now());
    applyFields(agentEntity, body);
    server.agents.put(agentEntity.id, agentEntity);
    return ServerResponse.of(201, json.render(agentEntity));
  }

  private ServerResponse update(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().orThrow();
    AgentEntity agentEntity = find(apiCall);
    if (apiCall.actor() instanceof RequestActor.AgentActor actor && !actor.hasId(agentEntity.id)) {
      throw ApiException.forbidden("Board access required");
    }
    applyFields(agentEntity, body);
    agentEntity.updatedAt = server.now();
    return ServerResponse.ok(json.render(agentEntity));
  }

  private static void applyFields(AgentEntity agentEntity, ObjectNode body) {
    agentEntity.name = body.path("name").asText(agentEntity.name);
    agentEntity.role = body.path("role").asText(agentEntity.role);
    if (body.has("title")) {
      agentEntity.title = JsonNodes.text(body, "title");
    }
    if (body.has("capabilities")) {
      agentEntity.capabilities = JsonNodes.text(body, "capabilities");
    }
    if (body.has("reportsTo")) {
      agentEntity.reportsTo = JsonNodes.text(body, "reportsTo");
    }
    agentEntity.adapterType = body.path("adapterType").asText(agentEntity.adapterType);
    if (body.get("adapterConfig") instanceof ObjectNode config) {
      agentEntity.adapterConfig = config.deepCopy();
    }
    if (body.get("runtimeConfig") instanceof ObjectNode config) {
      agentEntity.runtimeConfig = config.deepCopy();
    }
    agentEntity.budgetMonthlyCents = body.path("budgetMonthlyCents").asLong(agentEntity.budgetMonthlyCents);
  }

  private ServerResponse getInstructions(ApiCall apiCall) {
    AgentEntity agentEntity = find(apiCall);
    String path = String.valueOf(apiCall.query("path"));
    String content = agentEntity.instructions.get(path);
    if (content == null) {
      throw ApiException.notFound("Instructions file not found");
    }
    return ServerResponse.ok(JsonNodes.object().put("path", path).put("content", content));
  }

  private ServerResponse putInstructions(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().text("path").text("content").orThrow();
    apiCall.requireBoard();
    AgentEntity agentEntity = find(apiCall);
    agentEntity.instructions.put(body.path("path").asText(), body.path("content").asText());
    agentEntity.adapterConfig.put("instructionsBundleMode", "managed");
    if (!agentEntity.adapterConfig.has("instructionsEntryFile")) {
      agentEntity.adapterConfig.put("instructionsEntryFile", "AGENTS.md");
    }
    return ServerResponse
        .ok(JsonNodes.object().put("path", body.path("path").asText()).put("content", body.path("content").asText()));
  }

  private ServerResponse listKeys(ApiCall apiCall) {
    apiCall.requireBoard();
    AgentEntity agentEntity = find(apiCall);
    ArrayNode answer = JsonNodes.array();
    server.keysByToken.values().stream()
        .filter(key -> key.agentId.equals(agentEntity.id))
        .forEach(
            key -> {
              ObjectNode one = answer.addObject().put("id", key.id).put("name", key.name);
              one.put("createdAt", JsonNodes.time(key.createdAt)).put("revokedAt",
                  key.revoked ? JsonNodes.time(agentEntity.updatedAt) : null);
            });
    return ServerResponse.ok(answer);
  }

  private ServerResponse createKey(ApiCall apiCall) {
    ObjectNode body = apiCall.validateBody().orThrow();
    apiCall.requireBoard();
    AgentEntity agentEntity = find(apiCall);
    String secret = (server.idGenerator.next() + server.idGenerator.next()).replace("-", "");
    AgentKeyEntity key = new AgentKeyEntity(server.idGenerator.next(), agentEntity.id,
        body.path("name").asText("default"), "pcp_" + secret, server.now());
    server.keysByToken.put(key.token, key);
    ObjectNode answer = JsonNodes.object().put("id", key.id).put("name", key.name);
    answer.putObject("scope").put("kind", "standard");
    answer.put("responsibleUserId", RequestActor.BOARD_USER).put("token", key.token);
    return ServerResponse.of(201, answer.put("createdAt", JsonNodes.time(key.createdAt)));
  }

  private ServerResponse revokeKey(ApiCall apiCall) {
    apiCall.requireBoard();
    AgentEntity agentEntity = find(apiCall);
    AgentKeyEntity key = server.keysByToken.values().stream()
        .filter(each -> each.id.equals(apiCall.param("key")) && each.agentId.equals(agentEntity.id))
        .findFirst()
        .orElseThrow(() -> ApiException.notFound("Key not found"));
    key.revoked = true;
    return ServerResponse.ok(JsonNodes.object().put("ok", true));
  }

  private ServerResponse pause(ApiCall apiCall) {
    apiCall.requireBoard();
    AgentEntity agentEntity = find(apiCall);
    agentEntity.pause("manual", server.now());
    runFinisher.stopRunsOf(agentEntity, "Cancelled due to agent pause", "agent_paused");
    return ServerResponse.ok(json.render(agentEntity));
  }

  private ServerResponse resume(ApiCall apiCall) {
    apiCall.requireBoard();
    AgentEntity agentEntity = find(apiCall);
    if (agentEntity.isTerminated()) {
      throw ApiException.conflict("Cannot resume terminated agent");
    }
    agentEntity.endPause("idle", server.now());
    return ServerResponse.ok(json.render(agentEntity));
  }

  private ServerResponse terminate(ApiCall apiCall) {
    apiCall.requireBoard();
    AgentEntity agentEntity = find(apiCall);
    agentEntity.endPause("terminated", server.now());
    server.keysByToken.values().stream().filter(key -> key.agentId.equals(agentEntity.id))
        .forEach(key -> key.revoked = true);
    runFinisher.stopRunsOf(agentEntity, "Cancelled because the agent was terminated", "cancelled");
    return ServerResponse.ok(json.render(agentEntity));
  }
}
