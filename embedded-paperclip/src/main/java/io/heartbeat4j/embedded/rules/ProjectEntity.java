package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A project of a company. */
record ProjectEntity(
    String id, String companyId, String name, @Nullable String description, String status, List<GoalEntity> goals,
    Instant createdAt) {

  ProjectEntity {
    goals = List.copyOf(goals);
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("companyId", companyId);
    json.put("urlKey", name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    json.put("goalId", goals.isEmpty() ? null : goals.get(0).id());
    ArrayNode ids = json.putArray("goalIds");
    ArrayNode summaries = json.putArray("goals");
    for (GoalEntity goalEntity : goals) {
      ids.add(goalEntity.id());
      summaries.addObject().put("id", goalEntity.id()).put("title", goalEntity.title());
    }
    json.put("name", name).put("description", description).put("status", status);
    JsonNodes.putNulls(json, "leadAgentId", "targetDate", "color", "icon", "env", "pauseReason", "pausedAt");
    json.putArray("workspaces");
    JsonNodes.putNulls(json, "executionWorkspacePolicy", "primaryWorkspace", "managedByPlugin", "archivedAt");
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(createdAt));
    return json;
  }

  ObjectNode toSummary() {
    return JsonNodes.object().put("id", id).put("name", name).put("status", status).putNull("targetDate");
  }
}
