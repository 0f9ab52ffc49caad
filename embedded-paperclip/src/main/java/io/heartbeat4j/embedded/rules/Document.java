package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A text that belongs to an issue and has revisions. */
final class Document {

  final String id;
  final Issue issue;
  final String key;
  final @Nullable String createdByAgentId;
  final Instant createdAt;
  @Nullable String title;
  String format = "markdown";
  String body = "";
  String latestRevisionId;
  int latestRevisionNumber = 1;
  @Nullable String updatedByAgentId;
  Instant updatedAt;

  Document(String id, Issue issue, String key, String revisionId, @Nullable String agentId, Instant createdAt) {
    this.id = id;
    this.issue = issue;
    this.key = key;
    this.latestRevisionId = revisionId;
    this.createdByAgentId = agentId;
    this.updatedByAgentId = agentId;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  ObjectNode toJson() {
    ObjectNode json = toSummary();
    json.put("body", body);
    return json;
  }

  ObjectNode toSummary() {
    ObjectNode json = Json.object();
    json.put("id", id).put("companyId", issue.companyId).put("issueId", issue.id).put("key", key);
    json.put("title", title).put("format", format);
    json.put("latestRevisionId", latestRevisionId).put("latestRevisionNumber", latestRevisionNumber);
    json.put("createdByAgentId", createdByAgentId);
    json.put("createdByUserId", createdByAgentId == null ? Actor.BOARD_USER : null);
    json.put("updatedByAgentId", updatedByAgentId);
    json.put("updatedByUserId", updatedByAgentId == null ? Actor.BOARD_USER : null);
    Json.nulls(json, "lockedAt", "lockedByAgentId", "lockedByUserId", "sourceTrust");
    json.put("createdAt", Json.time(createdAt)).put("updatedAt", Json.time(updatedAt));
    return json;
  }
}
