package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Routes that read an issue, complete or as heartbeat context. */
final class IssueReadRoutes {

  private final ServerState server;
  private final IssueAccessControl accessControl;

  IssueReadRoutes(ServerState server, IssueAccessControl accessControl) {
    this.server = server;
    this.accessControl = accessControl;
  }

  void routes(Router router) {
    router.route("GET", "/api/issues/:issue", this::get);
    router.route("GET", "/api/issues/:issue/heartbeat-context", this::heartbeatContext);
  }

  private ServerResponse get(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    ObjectNode json = IssueJsonRenderer.render(issueEntity);
    json.set("ancestors", ancestors(issueEntity));
    json.set("blockerAttention", blockerAttention(issueEntity));
    json.set("reviewAttention", reviewAttention(issueEntity));
    json.set("successfulRunHandoff", JsonNodes.copyOrNull(issueEntity.handoff));
    json.set("executionBlocker", JsonNodes.copyOrNull(issueEntity.executionBlocker));
    json.putNull("scheduledRetry");
    json.set("activeRecoveryAction", JsonNodes.copyOrNull(issueEntity.recoveryAction));
    json.set("blockedBy", IssueJsonRenderer.renderRelated(server.blockers(issueEntity)));
    json.set("blocks", blocks(issueEntity));
    ObjectNode related = json.putObject("relatedWork");
    related.putArray("outbound");
    related.putArray("inbound");
    json.putArray("referencedIssueIdentifiers");
    documents(issueEntity, json);
    ProjectEntity projectEntity = issueEntity.projectId == null ? null : server.projects.get(issueEntity.projectId);
    json.set("project", projectEntity == null ? JsonNodes.copyOrNull(null) : projectEntity.toJson());
    GoalEntity goalEntity = issueEntity.goalId == null ? null : server.goals.get(issueEntity.goalId);
    json.set("goal", goalEntity == null ? JsonNodes.copyOrNull(null) : goalEntity.toJson());
    json.putArray("mentionedProjects");
    json.putNull("currentExecutionWorkspace");
    ArrayNode products = json.putArray("workProducts");
    products.addAll(server.workProducts.getOrDefault(issueEntity.id, List.of()));
    return CacheableResponse.of(json);
  }

  private void documents(IssueEntity issueEntity, ObjectNode json) {
    ArrayNode summaries = JsonNodes.array();
    json.putNull("planDocument");
    server.documents
        .getOrDefault(issueEntity.id, java.util.Map.of())
        .values()
        .forEach(
            documentEntity -> {
              summaries.add(documentEntity.toSummary());
              if (documentEntity.key.equals("plan")) {
                json.set("planDocument", documentEntity.toJson());
              }
            });
    json.set("documentSummaries", summaries);
  }

  private ServerResponse heartbeatContext(ApiCall apiCall) {
    IssueEntity issueEntity = accessControl.findIssue(apiCall);
    ObjectNode json = JsonNodes.object();
    json.set("issue", renderCompact(issueEntity));
    json.set("ancestors", ancestors(issueEntity));
    ProjectEntity projectEntity = issueEntity.projectId == null ? null : server.projects.get(issueEntity.projectId);
    json.set("project", projectEntity == null ? JsonNodes.copyOrNull(null) : projectEntity.toSummary());
    GoalEntity goalEntity = issueEntity.goalId == null ? null : server.goals.get(issueEntity.goalId);
    json.set("goal", goalEntity == null ? JsonNodes.copyOrNull(null) : goalEntity.toSummary());
    ObjectNode cursor = json.putObject("commentCursor").put("totalComments", issueEntity.comments.size());
    Optional<CommentEntity> latest = issueEntity.comments.stream().reduce((first, last) -> last);
    cursor.put("latestCommentId", latest.map(CommentEntity::id).orElse(null));
    cursor.put("latestCommentAt", latest.map(commentEntity -> JsonNodes.time(commentEntity.createdAt())).orElse(null));
    String wakeCommentId = apiCall.query("wakeCommentId");
    json.set(
        "wakeComment",
        issueEntity.comments.stream()
            .filter(commentEntity -> commentEntity.id().equals(wakeCommentId))
            .findFirst()
            .map(commentEntity -> (com.fasterxml.jackson.databind.JsonNode) commentEntity.toJson())
            .orElseGet(() -> JsonNodes.copyOrNull(null)));
    json.putArray("attachments");
    JsonNodes.putNulls(json, "continuationSummary", "planReviewContext", "documentReviewContext",
        "currentExecutionWorkspace");
    return CacheableResponse.of(json);
  }

  private ObjectNode renderCompact(IssueEntity issueEntity) {
    ObjectNode json = JsonNodes.object();
    json.put("id", issueEntity.id).put("identifier", issueEntity.identifier).put("title", issueEntity.title);
    json.put("description", issueEntity.description).put("status", issueEntity.status().wireName()).put("workMode",
        "standard");
    json.set("blockerAttention", blockerAttention(issueEntity));
    json.set("reviewAttention", reviewAttention(issueEntity));
    json.putNull("scheduledRetry");
    json.set("activeRecoveryAction", JsonNodes.copyOrNull(issueEntity.recoveryAction));
    json.put("priority", issueEntity.priority).put("projectId", issueEntity.projectId).put("goalId",
        issueEntity.goalId);
    json.put("parentId", issueEntity.parentId);
    json.set("blockedBy", IssueJsonRenderer.renderRelated(server.blockers(issueEntity)));
    json.set("blocks", blocks(issueEntity));
    json.put("assigneeAgentId", issueEntity.assigneeAgentId).put("assigneeUserId", issueEntity.assigneeUserId);
    json.put("originKind", "manual").putNull("originId");
    return json.put("updatedAt", JsonNodes.time(issueEntity.updatedAt));
  }

  private ArrayNode ancestors(IssueEntity issueEntity) {
    ArrayNode array = JsonNodes.array();
    server.ancestors(issueEntity).forEach(ancestor -> array.add(IssueJsonRenderer.renderAncestor(ancestor)));
    return array;
  }

  private ArrayNode blocks(IssueEntity issueEntity) {
    return IssueJsonRenderer.renderRelated(
        server.issues.values().stream().filter(other -> other.blockedBy.contains(issueEntity.id)).toList());
  }

  private ObjectNode blockerAttention(IssueEntity issueEntity) {
    List<IssueEntity> blockers = issueEntity.status() == IssueStatus.BLOCKED ? server.unresolvedBlockers(issueEntity)
        : List.of();
    ObjectNode json = JsonNodes.object().put("state", blockers.isEmpty() ? "none" : "covered");
    return json.putNull("reason").put("unresolvedBlockerCount", blockers.size());
  }

  private ObjectNode reviewAttention(IssueEntity issueEntity) {
    boolean review = issueEntity.status() == IssueStatus.IN_REVIEW;
    boolean path = review && ReviewPathCheck.hasReviewPath(server, issueEntity);
    ObjectNode json = JsonNodes.object().put("state", !review ? "none" : path ? "covered" : "stalled");
    json.putArray("paths");
    return json.putNull("reason");
  }
}
