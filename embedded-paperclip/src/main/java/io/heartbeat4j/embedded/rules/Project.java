package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A project of a company. */
record Project(
    String id, String companyId, String name, @Nullable String description, String status, List<Goal> goals, Instant createdAt) {

  Project {
    goals = List.copyOf(goals);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("id", id).put("companyId", companyId);
    json.put("urlKey", name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    json.put("goalId", goals.isEmpty() ? null : goals.get(0).id());
    ArrayNode ids = json.putArray("goalIds");
    ArrayNode summaries = json.putArray("goals");
    for (Goal goal : goals) {
      ids.add(goal.id());
      summaries.addObject().put("id", goal.id()).put("title", goal.title());
    }
    json.put("name", name).put("description", description).put("status", status);
    Json.nulls(json, "leadAgentId", "targetDate", "color", "icon", "env", "pauseReason", "pausedAt");
    json.putArray("workspaces");
    Json.nulls(json, "executionWorkspacePolicy", "primaryWorkspace", "managedByPlugin", "archivedAt");
    json.put("createdAt", Json.time(createdAt)).put("updatedAt", Json.time(createdAt));
    return json;
  }

  ObjectNode toSummary() {
    return Json.object().put("id", id).put("name", name).put("status", status).putNull("targetDate");
  }
}
