package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A hold: the pause of an issue and its descendants. */
final class TreeHoldEntity {

  final String id;
  final String companyId;
  final String rootIssueId;
  final String mode;
  final @Nullable String reason;
  final Instant createdAt;
  boolean active = true;

  TreeHoldEntity(String id, String companyId, String rootIssueId, String mode, @Nullable String reason,
      Instant createdAt) {
    this.id = id;
    this.companyId = companyId;
    this.rootIssueId = rootIssueId;
    this.mode = mode;
    this.reason = reason;
    this.createdAt = createdAt;
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("companyId", companyId).put("rootIssueId", rootIssueId).put("mode", mode);
    json.put("status", active ? "active" : "released").put("reason", reason);
    json.putObject("releasePolicy").put("strategy", "manual");
    json.put("createdByActorType", "user").put("createdByUserId", RequestActor.BOARD_USER);
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(createdAt));
    return json;
  }
}
