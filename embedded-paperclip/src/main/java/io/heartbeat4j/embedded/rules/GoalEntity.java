package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A goal of a company. */
record GoalEntity(
    String id,
    String companyId,
    String title,
    @Nullable String description,
    String level,
    String status,
    @Nullable String parentId,
    Instant createdAt) {

  ObjectNode toJson() {
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("companyId", companyId).put("title", title).put("description", description);
    json.put("level", level).put("status", status).put("parentId", parentId).putNull("ownerAgentId");
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(createdAt));
    return json;
  }

  ObjectNode toSummary() {
    return JsonNodes.object()
        .put("id", id)
        .put("title", title)
        .put("status", status)
        .put("level", level)
        .put("parentId", parentId);
  }
}
