package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads one issue: in full, or as the compact context of a heartbeat. */
final class IssueReads {

  private final World world;
  private final IssueAccess access;

  IssueReads(World world, IssueAccess access) {
    this.world = world;
    this.access = access;
  }

  void routes(Router router) {
    router.on("GET", "/api/issues/:issue", this::full);
    router.on("GET", "/api/issues/:issue/heartbeat-context", this::heartbeatContext);
  }

  private Response full(Call call) {
    Issue issue = access.issue(call);
    ObjectNode json = IssueJson.row(issue);
    json.set("ancestors", ancestors(issue));
    json.set("blockerAttention", blockerAttention(issue));
    json.set("reviewAttention", reviewAttention(issue));
    json.set("successfulRunHandoff", Json.copy(issue.handoff));
    json.set("executionBlocker", Json.copy(issue.executionBlocker));
    json.putNull("scheduledRetry");
    json.set("activeRecoveryAction", Json.copy(issue.recoveryAction));
    json.set("blockedBy", blockedBy(issue));
    json.set("blocks", blocks(issue));
    ObjectNode related = json.putObject("relatedWork");
    related.putArray("outbound");
    related.putArray("inbound");
    json.putArray("referencedIssueIdentifiers");
    documents(issue, json);
    Project project = issue.projectId == null ? null : world.projects.get(issue.projectId);
    json.set("project", project == null ? Json.copy(null) : project.toJson());
    Goal goal = issue.goalId == null ? null : world.goals.get(issue.goalId);
    json.set("goal", goal == null ? Json.copy(null) : goal.toJson());
    json.putArray("mentionedProjects");
    json.putNull("currentExecutionWorkspace");
    ArrayNode products = json.putArray("workProducts");
    products.addAll(world.workProducts.getOrDefault(issue.id, List.of()));
    return Reads.cacheable(json);
  }

  private void documents(Issue issue, ObjectNode json) {
    ArrayNode summaries = Json.array();
    json.putNull("planDocument");
    world
        .documents
        .getOrDefault(issue.id, java.util.Map.of())
        .values()
        .forEach(
            document -> {
              summaries.add(document.toSummary());
              if (document.key.equals("plan")) {
                json.set("planDocument", document.toJson());
              }
            });
    json.set("documentSummaries", summaries);
  }

  private Response heartbeatContext(Call call) {
    Issue issue = access.issue(call);
    ObjectNode json = Json.object();
    json.set("issue", compact(issue));
    json.set("ancestors", ancestors(issue));
    Project project = issue.projectId == null ? null : world.projects.get(issue.projectId);
    json.set("project", project == null ? Json.copy(null) : project.toSummary());
    Goal goal = issue.goalId == null ? null : world.goals.get(issue.goalId);
    json.set("goal", goal == null ? Json.copy(null) : goal.toSummary());
    ObjectNode cursor = json.putObject("commentCursor").put("totalComments", issue.comments.size());
    Optional<Comment> latest = issue.comments.stream().reduce((first, last) -> last);
    cursor.put("latestCommentId", latest.map(Comment::id).orElse(null));
    cursor.put("latestCommentAt", latest.map(comment -> Json.time(comment.createdAt())).orElse(null));
    String wakeCommentId = call.query("wakeCommentId");
    json.set(
        "wakeComment",
        issue.comments.stream()
            .filter(comment -> comment.id().equals(wakeCommentId))
            .findFirst()
            .map(comment -> (com.fasterxml.jackson.databind.JsonNode) comment.toJson())
            .orElseGet(() -> Json.copy(null)));
    json.putArray("attachments");
    Json.nulls(json, "continuationSummary", "planReviewContext", "documentReviewContext", "currentExecutionWorkspace");
    return Reads.cacheable(json);
  }

  private ObjectNode compact(Issue issue) {
    ObjectNode json = Json.object();
    json.put("id", issue.id).put("identifier", issue.identifier).put("title", issue.title);
    json.put("description", issue.description).put("status", issue.status().wire()).put("workMode", "standard");
    json.set("blockerAttention", blockerAttention(issue));
    json.set("reviewAttention", reviewAttention(issue));
    json.putNull("scheduledRetry");
    json.set("activeRecoveryAction", Json.copy(issue.recoveryAction));
    json.put("priority", issue.priority).put("projectId", issue.projectId).put("goalId", issue.goalId);
    json.put("parentId", issue.parentId);
    json.set("blockedBy", blockedBy(issue));
    json.set("blocks", blocks(issue));
    json.put("assigneeAgentId", issue.assigneeAgentId).put("assigneeUserId", issue.assigneeUserId);
    json.put("originKind", "manual").putNull("originId");
    return json.put("updatedAt", Json.time(issue.updatedAt));
  }

  private ArrayNode ancestors(Issue issue) {
    ArrayNode array = Json.array();
    world.ancestors(issue).forEach(ancestor -> array.add(IssueJson.ancestor(ancestor)));
    return array;
  }

  private ArrayNode blockedBy(Issue issue) {
    return IssueJson.related(issue.blockedBy.stream().map(world.issues::get).filter(Objects::nonNull).toList());
  }

  private ArrayNode blocks(Issue issue) {
    return IssueJson.related(
        world.issues.values().stream().filter(other -> other.blockedBy.contains(issue.id)).toList());
  }

  private ObjectNode blockerAttention(Issue issue) {
    List<Issue> blockers = issue.status() == Status.BLOCKED ? world.unresolvedBlockers(issue) : List.of();
    ObjectNode json = Json.object().put("state", blockers.isEmpty() ? "none" : "covered");
    return json.putNull("reason").put("unresolvedBlockerCount", blockers.size());
  }

  private ObjectNode reviewAttention(Issue issue) {
    boolean review = issue.status() == Status.IN_REVIEW;
    boolean path = review && ReviewPath.exists(world, issue);
    ObjectNode json = Json.object().put("state", !review ? "none" : path ? "covered" : "stalled");
    json.putArray("paths");
    return json.putNull("reason");
  }
}
