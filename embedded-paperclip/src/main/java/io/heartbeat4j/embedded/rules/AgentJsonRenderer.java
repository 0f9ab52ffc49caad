package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Renders an agent as JSON. */
final class AgentJsonRenderer {

  private static final Pattern SECRET = Pattern
      .compile("(?i)(api[-_]?key|token|secret|password|authorization|credential)");
  private static final String REDACTED = "***REDACTED***";

  private final ServerState server;

  AgentJsonRenderer(ServerState server) {
    this.server = server;
  }

  ObjectNode render(AgentEntity agentEntity) {
    ObjectNode json = JsonNodes.object();
    json.put("id", agentEntity.id).put("companyId", agentEntity.companyId).put("name", agentEntity.name).put("role",
        agentEntity.role);
    json.put("title", agentEntity.title).putNull("icon").put("status", agentEntity.status).put("reportsTo",
        agentEntity.reportsTo);
    json.put("capabilities", agentEntity.capabilities).put("adapterType", agentEntity.adapterType);
    json.set("adapterConfig", redacted(agentEntity.adapterConfig));
    json.set("runtimeConfig", runtimeConfig(agentEntity));
    json.putNull("defaultEnvironmentId");
    json.put("budgetMonthlyCents", agentEntity.budgetMonthlyCents).put("spentMonthlyCents",
        agentEntity.spentMonthlyCents);
    json.put("pauseReason", agentEntity.pauseReason).put("pausedAt", JsonNodes.time(agentEntity.pausedAt));
    json.put("errorReason", agentEntity.errorReason);
    json.putObject("permissions").put("canCreateAgents", true).put("canCreateSkills", true);
    json.put("lastHeartbeatAt", JsonNodes.time(agentEntity.lastHeartbeatAt)).putNull("metadata");
    json.put("createdAt", JsonNodes.time(agentEntity.createdAt)).put("updatedAt",
        JsonNodes.time(agentEntity.updatedAt));
    json.put("urlKey", agentEntity.urlKey());
    json.set("orgChainHealth", renderOrgHealth(agentEntity));
    return json;
  }

  /** The agent with its managers, membership and grants. */
  ObjectNode renderSelf(AgentEntity agentEntity) {
    ObjectNode json = render(agentEntity);
    ArrayNode chain = json.putArray("chainOfCommand");
    for (AgentEntity manager : managersOf(agentEntity)) {
      chain.addObject().put("id", manager.id).put("name", manager.name).put("role", manager.role).put("title",
          manager.title);
    }
    ObjectNode access = json.putObject("access");
    access.put("canAssignTasks", true).put("taskAssignSource", "agent_creator");
    ObjectNode membership = renderPrincipal(access.putObject("membership"), agentEntity.membershipId, agentEntity);
    membership.put("status", "active").put("membershipRole", "member");
    ObjectNode grant = renderPrincipal(access.putArray("grants").addObject(), agentEntity.grantId, agentEntity);
    grant.put("permissionKey", "tasks:assign").putNull("scope").put("grantedByUserId", RequestActor.BOARD_USER);
    return json;
  }

  /** The managers of the agent, nearest first. */
  List<AgentEntity> managersOf(AgentEntity agentEntity) {
    List<AgentEntity> chain = new ArrayList<>();
    Optional<AgentEntity> manager = server.findAgent(agentEntity.reportsTo);
    while (manager.isPresent() && !chain.contains(manager.get())) {
      chain.add(manager.get());
      manager = server.findAgent(manager.get().reportsTo);
    }
    return chain;
  }

  private ObjectNode renderOrgHealth(AgentEntity agentEntity) {
    ObjectNode health = JsonNodes.object().put("status", "healthy").put("reason", "healthy");
    ArrayNode full = health.putArray("fullChain");
    renderChainLink(full.addObject(), agentEntity, 0, "self");
    int depth = 1;
    for (AgentEntity manager : managersOf(agentEntity)) {
      renderChainLink(full.addObject(), manager, depth++, "ancestor");
    }
    health.putNull("firstInvalidAncestor").putArray("invalidAncestors");
    health.putNull("repairGuidance").putArray("pausedAncestors");
    return health.putNull("escalationWarning");
  }

  private static void renderChainLink(ObjectNode json, AgentEntity agentEntity, int depth, String relation) {
    json.put("id", agentEntity.id).put("companyId", agentEntity.companyId).put("name", agentEntity.name).put("status",
        agentEntity.status);
    json.put("reportsTo", agentEntity.reportsTo).put("depth", depth).put("relation", relation);
  }

  private static ObjectNode renderPrincipal(ObjectNode json, String id, AgentEntity agentEntity) {
    json.put("id", id).put("companyId", agentEntity.companyId).put("principalType", "agent").put("principalId",
        agentEntity.id);
    return json.put("createdAt", JsonNodes.time(agentEntity.createdAt)).put("updatedAt",
        JsonNodes.time(agentEntity.createdAt));
  }

  private static ObjectNode runtimeConfig(AgentEntity agentEntity) {
    ObjectNode config = agentEntity.runtimeConfig.deepCopy();
    ObjectNode heartbeat = config.withObject("/heartbeat");
    if (!heartbeat.has("enabled")) {
      heartbeat.put("enabled", false);
    }
    if (!heartbeat.has("maxConcurrentRuns")) {
      heartbeat.put("maxConcurrentRuns", AgentEntity.DEFAULT_CONCURRENT_RUNS);
    }
    return config;
  }

  private static ObjectNode redacted(ObjectNode config) {
    ObjectNode copy = JsonNodes.object();
    for (Map.Entry<String, JsonNode> field : config.properties()) {
      boolean secret = SECRET.matcher(field.getKey().toLowerCase(Locale.ROOT)).find();
      if (field.getValue() instanceof ObjectNode nested) {
        copy.set(field.getKey(), redacted(nested));
      } else if (secret && field.getValue().isTextual()) {
        copy.put(field.getKey(), REDACTED);
      } else {
        copy.set(field.getKey(), field.getValue().deepCopy());
      }
    }
    return copy;
  }
}
