package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A card of an issue. */
final class InteractionEntity {

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
  @Nullable
  JsonNode result;
  @Nullable
  String resolvedByAgentId;
  @Nullable
  String resolvedByUserId;
  @Nullable
  String resolvedByRunId;
  @Nullable
  Instant resolvedAt;
  Instant updatedAt;

  InteractionEntity(
      String id,
      IssueEntity issueEntity,
      ObjectNode request,
      ObjectNode payload,
      @Nullable String createdByAgentId,
      @Nullable String sourceRunId,
      Instant createdAt) {
    this.id = id;
    this.companyId = issueEntity.companyId;
    this.issueId = issueEntity.id;
    this.kind = request.path("kind").asText();
    this.continuationPolicy = request.path("continuationPolicy").asText("none");
    this.idempotencyKey = JsonNodes.text(request, "idempotencyKey");
    this.title = JsonNodes.text(request, "title");
    this.summary = JsonNodes.text(request, "summary");
    this.payload = payload;
    this.createdByAgentId = createdByAgentId;
    this.sourceRunId = sourceRunId;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  void resolve(String nextStatus, ObjectNode outcome, Instant now) {
    status = nextStatus;
    result = outcome;
    resolvedAt = now;
    updatedAt = now;
  }

  boolean isPending() {
    return status.equals("pending");
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodes.object();
    json.put("id", id).put("companyId", companyId).put("issueId", issueId).put("kind", kind).put("status", status);
    json.put("continuationPolicy", continuationPolicy);
    json.put("requestedResolverPolicy", "anyone").put("effectiveResolverPolicy", "anyone");
    json.put("resolverPolicyProvenance", "inherited").put("effectiveResolverPolicySource", "requested");
    JsonNodes.putNulls(json, "addresseeAgentId", "addresseeUserId");
    json.put("idempotencyKey", idempotencyKey);
    JsonNodes.putNulls(json, "sourceCommentId", "sourceIdentityContextId");
    json.put("sourceRunId", sourceRunId).put("title", title).put("summary", summary);
    json.put("createdByAgentId", createdByAgentId);
    json.put("createdByUserId", createdByAgentId == null ? RequestActor.BOARD_USER : null);
    json.put("resolvedByAgentId", resolvedByAgentId).put("resolvedByUserId", resolvedByUserId);
    json.put("resolvedByRunId", resolvedByRunId);
    json.set("payload", payload.deepCopy());
    json.set("result", JsonNodes.copyOrNull(result));
    json.put("resolvedAt", JsonNodes.time(resolvedAt));
    json.put("createdAt", JsonNodes.time(createdAt)).put("updatedAt", JsonNodes.time(updatedAt));
    json.putArray("originCommentIds");
    json.put("resolverPolicy", "anyone");
    return json;
  }
}
