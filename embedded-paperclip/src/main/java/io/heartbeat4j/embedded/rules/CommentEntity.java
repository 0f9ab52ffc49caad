package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A comment on an issue. The time has microseconds; responses show milliseconds. */
record CommentEntity(
    String id,
    String companyId,
    String issueId,
    String authorType,
    @Nullable String authorId,
    @Nullable String runId,
    @Nullable String clientRequestId,
    @Nullable String authorizationReason,
    String body,
    Instant createdAt) {

  boolean isByAgent() {
    return authorType.equals("agent");
  }

  boolean isByUser() {
    return authorType.equals("user");
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("companyId", companyId).put("issueId", issueId);
    json.put("authorAgentId", isByAgent() ? authorId : null);
    json.put("authorUserId", isByUser() ? authorId : null);
    json.put("onBehalfOfUserId", isByAgent() ? RequestActor.BOARD_USER : null);
    json.put("authorType", authorType).put("createdByRunId", runId);
    JsonNodes.putNulls(json, "derivedAuthorAgentId", "derivedCreatedByRunId", "derivedAuthorSource");
    json.put("clientRequestId", clientRequestId).putNull("conversationSessionGeneration");
    json.put("body", body).putNull("presentation");
    json.set("metadata", metadata());
    JsonNodes.putNulls(json, "deletedAt", "deletedByType", "deletedByAgentId", "deletedByUserId", "deletedByRunId");
    json.putNull("sourceTrust");
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(createdAt));
    return json;
  }

  /** The comment in {@code executionContinuation.messages} of a run. */
  ObjectNode toMessage() {
    return JsonNodes.object()
        .put("id", id)
        .put("body", body)
        .put("deleted", false)
        .put("authorId", authorId)
        .put("createdAt", JsonNodes.time(createdAt))
        .put("updatedAt", JsonNodes.time(createdAt))
        .put("authorType", authorType)
        .putNull("sourceTrust")
        .put("createdByRunId", runId);
  }

  /** The comment in {@code comments} of a wake. */
  ObjectNode toWakeComment() {
    ObjectNode json = JsonNodes.object().put("id", id).put("body", body);
    json.putObject("author").put("id", authorId).put("type", authorType);
    json.put("issueId", issueId).putNull("metadata").put("createdAt", JsonNodes.time(createdAt));
    json.put("authorType", authorType).put("bodyTruncated", false);
    JsonNodes.putNulls(json, "deletedAt", "sourceTrust", "presentation", "deletedByType");
    return json;
  }

  private com.fasterxml.jackson.databind.JsonNode metadata() {
    if (authorizationReason == null) {
      return JsonNodes.copyOrNull(null);
    }
    ObjectNode metadata = JsonNodes.object().put("version", 1).put("authorizationReason", authorizationReason);
    ObjectNode section = metadata.putArray("sections").addObject().put("title", "Authorization");
    section
        .putArray("rows")
        .addObject()
        .put("type", "key_value")
        .put("label", "Reason")
        .put("value", authorizationReason);
    return metadata;
  }
}
