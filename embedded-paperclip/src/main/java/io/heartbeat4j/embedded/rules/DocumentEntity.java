package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A document of an issue, with revisions. */
final class DocumentEntity {

  final String id;
  final IssueEntity issueEntity;
  final String key;
  final @Nullable String createdByAgentId;
  final Instant createdAt;
  @Nullable
  String title;
  String format = "markdown";
  String body = "";
  String latestRevisionId;
  int latestRevisionNumber = 1;
  @Nullable
  String updatedByAgentId;
  Instant updatedAt;

  DocumentEntity(String id, IssueEntity issueEntity, String key, String revisionId, @Nullable String agentId,
      Instant createdAt) {
    this.id = id;
    this.issueEntity = issueEntity;
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
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("companyId", issueEntity.companyId).put("issueId", issueEntity.id).put("key", key);
    json.put("title", title).put("format", format);
    json.put("latestRevisionId", latestRevisionId).put("latestRevisionNumber", latestRevisionNumber);
    json.put("createdByAgentId", createdByAgentId);
    json.put("createdByUserId", createdByAgentId == null ? RequestActor.BOARD_USER : null);
    json.put("updatedByAgentId", updatedByAgentId);
    json.put("updatedByUserId", updatedByAgentId == null ? RequestActor.BOARD_USER : null);
    JsonNodes.putNulls(json, "lockedAt", "lockedByAgentId", "lockedByUserId", "sourceTrust");
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(updatedAt));
    return json;
  }
}
