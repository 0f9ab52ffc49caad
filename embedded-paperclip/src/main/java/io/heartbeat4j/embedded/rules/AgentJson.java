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

/** The shapes in which answers show an agent. */
final class AgentJson {

  private static final Pattern SECRET = Pattern.compile("(?i)(api[-_]?key|token|secret|password|authorization|credential)");
  private static final String REDACTED = "***REDACTED***";

  private final World world;

  AgentJson(World world) {
    this.world = world;
  }

  ObjectNode row(Agent agent) {
    ObjectNode json = Json.object();
    json.put("id", agent.id).put("companyId", agent.companyId).put("name", agent.name).put("role", agent.role);
    json.put("title", agent.title).putNull("icon").put("status", agent.status).put("reportsTo", agent.reportsTo);
    json.put("capabilities", agent.capabilities).put("adapterType", agent.adapterType);
    json.set("adapterConfig", redacted(agent.adapterConfig));
    json.set("runtimeConfig", runtimeConfig(agent));
    json.putNull("defaultEnvironmentId");
    json.put("budgetMonthlyCents", agent.budgetMonthlyCents).put("spentMonthlyCents", agent.spentMonthlyCents);
    json.put("pauseReason", agent.pauseReason).put("pausedAt", Json.time(agent.pausedAt));
    json.put("errorReason", agent.errorReason);
    json.putObject("permissions").put("canCreateAgents", true).put("canCreateSkills", true);
    json.put("lastHeartbeatAt", Json.time(agent.lastHeartbeatAt)).putNull("metadata");
    json.put("createdAt", Json.time(agent.createdAt)).put("updatedAt", Json.time(agent.updatedAt));
    json.put("urlKey", agent.key());
    json.set("orgChainHealth", health(agent));
    return json;
  }

  /** The agent as it sees itself. */
  ObjectNode self(Agent agent) {
    ObjectNode json = row(agent);
    ArrayNode chain = json.putArray("chainOfCommand");
    for (Agent manager : chainOf(agent)) {
      chain.addObject().put("id", manager.id).put("name", manager.name).put("role", manager.role).put("title", manager.title);
    }
    ObjectNode access = json.putObject("access");
    access.put("canAssignTasks", true).put("taskAssignSource", "agent_creator");
    ObjectNode membership = principal(access.putObject("membership"), agent.membershipId, agent);
    membership.put("status", "active").put("membershipRole", "member");
    ObjectNode grant = principal(access.putArray("grants").addObject(), agent.grantId, agent);
    grant.put("permissionKey", "tasks:assign").putNull("scope").put("grantedByUserId", Actor.BOARD_USER);
    return json;
  }

  /** Managers, nearest first. */
  List<Agent> chainOf(Agent agent) {
    List<Agent> chain = new ArrayList<>();
    Optional<Agent> manager = world.agentOf(agent.reportsTo);
    while (manager.isPresent() && !chain.contains(manager.get())) {
      chain.add(manager.get());
      manager = world.agentOf(manager.get().reportsTo);
    }
    return chain;
  }

  private ObjectNode health(Agent agent) {
    ObjectNode health = Json.object().put("status", "healthy").put("reason", "healthy");
    ArrayNode full = health.putArray("fullChain");
    link(full.addObject(), agent, 0, "self");
    int depth = 1;
    for (Agent manager : chainOf(agent)) {
      link(full.addObject(), manager, depth++, "ancestor");
    }
    health.putNull("firstInvalidAncestor").putArray("invalidAncestors");
    health.putNull("repairGuidance").putArray("pausedAncestors");
    return health.putNull("escalationWarning");
  }

  private static void link(ObjectNode json, Agent agent, int depth, String relation) {
    json.put("id", agent.id).put("companyId", agent.companyId).put("name", agent.name).put("status", agent.status);
    json.put("reportsTo", agent.reportsTo).put("depth", depth).put("relation", relation);
  }

  private static ObjectNode principal(ObjectNode json, String id, Agent agent) {
    json.put("id", id).put("companyId", agent.companyId).put("principalType", "agent").put("principalId", agent.id);
    return json.put("createdAt", Json.time(agent.createdAt)).put("updatedAt", Json.time(agent.createdAt));
  }

  private static ObjectNode runtimeConfig(Agent agent) {
    ObjectNode config = agent.runtimeConfig.deepCopy();
    ObjectNode heartbeat = config.withObject("/heartbeat");
    if (!heartbeat.has("enabled")) {
      heartbeat.put("enabled", false);
    }
    if (!heartbeat.has("maxConcurrentRuns")) {
      heartbeat.put("maxConcurrentRuns", Agent.DEFAULT_CONCURRENT_RUNS);
    }
    return config;
  }

  private static ObjectNode redacted(ObjectNode config) {
    ObjectNode copy = Json.object();
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
