package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request for a decision of the board. */
final class ApprovalEntity {

  final String id;
  final String companyId;
  final String type;
  final @Nullable String requestedByAgentId;
  final List<String> issueIds;
  final Instant createdAt;
  final ArrayNode comments = JsonNodes.array();
  ObjectNode payload;
  String status = "pending";
  @Nullable
  String decisionNote;
  @Nullable
  Instant decidedAt;
  Instant updatedAt;

  ApprovalEntity(
      String id,
      String companyId,
      String type,
      @Nullable String requestedByAgentId,
      List<String> issueIds,
      ObjectNode payload,
      Instant createdAt) {
    this.id = id;
    this.companyId = companyId;
    this.type = type;
    this.requestedByAgentId = requestedByAgentId;
    this.issueIds = List.copyOf(issueIds);
    this.payload = payload;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  boolean isOpen() {
    return status.equals("pending") || status.equals("revision_requested");
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("companyId", companyId).put("type", type);
    json.put("requestedByAgentId", requestedByAgentId);
    json.put("requestedByUserId", requestedByAgentId == null ? RequestActor.BOARD_USER : null);
    json.put("status", status);
    json.set("payload", payload.deepCopy());
    json.put("decisionNote", decisionNote);
    json.put("decidedByUserId", decidedAt == null ? null : RequestActor.BOARD_USER);
    json.put("decidedAt", JsonNodes.time(decidedAt));
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(updatedAt));
    return json;
  }
}
