package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A card in an issue's thread that waits for an answer. */
final class Interaction {

  final String id;
  final String companyId;
  final String issueId;
  final String kind;
  final String continuationPolicy;
  final @Nullable String idempotencyKey;
  final @Nullable String title;
  final @Nullable String summary;
  final @Nullable String sourceRunId;
  final @Nullable String createdByAgentId;
  final ObjectNode payload;
  final Instant createdAt;
  String status = "pending";
  @Nullable JsonNode result;
  @Nullable String resolvedByAgentId;
  @Nullable String resolvedByUserId;
  @Nullable String resolvedByRunId;
  @Nullable Instant resolvedAt;
  Instant updatedAt;

  Interaction(
      String id,
      Issue issue,
      ObjectNode request,
      ObjectNode payload,
      @Nullable String createdByAgentId,
      @Nullable String sourceRunId,
      Instant createdAt) {
    this.id = id;
    this.companyId = issue.companyId;
    this.issueId = issue.id;
    this.kind = request.path("kind").asText();
    this.continuationPolicy = request.path("continuationPolicy").asText("none");
    this.idempotencyKey = Json.text(request, "idempotencyKey");
    this.title = Json.text(request, "title");
    this.summary = Json.text(request, "summary");
    this.payload = payload;
    this.createdByAgentId = createdByAgentId;
    this.sourceRunId = sourceRunId;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  boolean pending() {
    return status.equals("pending");
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("id", id).put("companyId", companyId).put("issueId", issueId).put("kind", kind).put("status", status);
    json.put("continuationPolicy", continuationPolicy);
    json.put("requestedResolverPolicy", "anyone").put("effectiveResolverPolicy", "anyone");
    json.put("resolverPolicyProvenance", "inherited").put("effectiveResolverPolicySource", "requested");
    Json.nulls(json, "addresseeAgentId", "addresseeUserId");
    json.put("idempotencyKey", idempotencyKey);
    Json.nulls(json, "sourceCommentId", "sourceIdentityContextId");
    json.put("sourceRunId", sourceRunId).put("title", title).put("summary", summary);
    json.put("createdByAgentId", createdByAgentId);
    json.put("createdByUserId", createdByAgentId == null ? Actor.BOARD_USER : null);
    json.put("resolvedByAgentId", resolvedByAgentId).put("resolvedByUserId", resolvedByUserId);
    json.put("resolvedByRunId", resolvedByRunId);
    json.set("payload", payload.deepCopy());
    json.set("result", Json.copy(result));
    json.put("resolvedAt", Json.time(resolvedAt));
    json.put("createdAt", Json.time(createdAt)).put("updatedAt", Json.time(updatedAt));
    json.putArray("originCommentIds");
    json.put("resolverPolicy", "anyone");
    return json;
  }
}
