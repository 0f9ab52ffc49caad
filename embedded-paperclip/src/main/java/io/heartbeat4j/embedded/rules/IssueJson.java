package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes in which answers show an issue. */
final class IssueJson {

  private IssueJson() {}

  /** The stored row, as a checkout or a release answers it. */
  static ObjectNode row(Issue issue) {
    ObjectNode json = Json.object();
    json.put("id", issue.id).put("companyId", issue.companyId);
    Json.nulls(json, "conversationAgentId", "conversationUserId", "conversationState");
    json.put("conversationSessionGeneration", 0).putNull("conversationBoundaryCommentId");
    json.put("projectId", issue.projectId).putNull("projectWorkspaceId").put("goalId", issue.goalId);
    json.put("parentId", issue.parentId).put("title", issue.title).put("description", issue.description);
    json.put("status", issue.status().wire()).put("statusVersion", issue.statusVersion).putNull("lastStatusDecisionId");
    json.put("workMode", "standard").putNull("harnessKind").put("priority", issue.priority).putNull("reviewPolicy");
    json.put("assigneeAgentId", issue.assigneeAgentId).put("assigneeUserId", issue.assigneeUserId);
    json.put("checkoutRunId", issue.checkoutRunId).put("executionRunId", issue.executionRunId);
    json.put("executionAgentNameKey", issue.executionAgentNameKey);
    time(json, "executionLockedAt", issue.executionLockedAt);
    json.put("createdByAgentId", issue.createdByAgentId).put("createdByUserId", issue.createdByUserId);
    json.put("responsibleUserId", Actor.BOARD_USER);
    json.put("issueNumber", issue.number).put("identifier", issue.identifier);
    json.put("originKind", "manual").putNull("originId").put("originRunId", issue.originRunId);
    Json.nulls(json, "originIdentityContextId", "continuationIdentityContextId");
    json.put("originFingerprint", "default").put("requestDepth", issue.requestDepth);
    json.put("billingCode", issue.billingCode).putNull("assigneeAdapterOverrides");
    json.set("executionPolicy", Json.copy(issue.executionPolicy));
    json.set("executionState", Json.copy(issue.executionState));
    time(json, "monitorNextCheckAt", issue.monitorNextCheckAt);
    time(json, "monitorWakeRequestedAt", issue.monitorWakeRequestedAt);
    time(json, "monitorLastTriggeredAt", issue.monitorLastTriggeredAt);
    json.put("monitorAttemptCount", issue.monitorAttemptCount).put("monitorNotes", issue.monitorNotes);
    json.put("monitorScheduledBy", issue.monitorScheduledBy);
    Json.nulls(json, "executionWorkspaceId", "executionWorkspacePreference", "executionWorkspaceSettings", "sourceTrust");
    json.set("unblockDescriptor", Json.copy(issue.unblockDescriptor));
    time(json, "blockedTransitionAt", issue.blockedTransitionAt);
    time(json, "blockedOwnerNotifiedAt", issue.blockedOwnerNotifiedAt);
    time(json, "startedAt", issue.startedAt);
    time(json, "completedAt", issue.completedAt);
    time(json, "cancelledAt", issue.cancelledAt);
    json.putNull("hiddenAt");
    time(json, "createdAt", issue.createdAt);
    time(json, "updatedAt", issue.updatedAt);
    json.putArray("labels");
    json.putArray("labelIds");
    return json.putNull("watchdog");
  }

  /** As an approval lists its issues: without locks. */
  static ObjectNode linked(Issue issue) {
    ObjectNode json = row(issue);
    return json.retain(
        List.of(
            "id", "companyId", "projectId", "goalId", "parentId", "title", "description", "status", "priority",
            "assigneeAgentId", "createdByAgentId", "createdByUserId", "issueNumber", "identifier", "requestDepth",
            "billingCode", "startedAt", "completedAt", "cancelledAt", "createdAt", "updatedAt"));
  }

  /** As relations show an issue. */
  static ObjectNode related(Issue issue) {
    return Json.object()
        .put("id", issue.id)
        .put("identifier", issue.identifier)
        .put("title", issue.title)
        .put("status", issue.status().wire())
        .put("priority", issue.priority)
        .put("assigneeAgentId", issue.assigneeAgentId)
        .put("assigneeUserId", issue.assigneeUserId);
  }

  static ArrayNode related(Collection<Issue> issues) {
    ArrayNode array = Json.array();
    issues.forEach(issue -> array.add(related(issue)));
    return array;
  }

  static ObjectNode ancestor(Issue issue) {
    return Json.object()
        .put("id", issue.id)
        .put("identifier", issue.identifier)
        .put("title", issue.title)
        .put("status", issue.status().wire())
        .put("priority", issue.priority);
  }

  /** What a write changed: {@code {field: {from, to}}}. */
  static ObjectNode changes(JsonNode before, JsonNode after) {
    ObjectNode changes = Json.object();
    Iterator<Map.Entry<String, JsonNode>> fields = after.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode from = before.path(field.getKey());
      if (!field.getKey().equals("updatedAt") && !from.equals(field.getValue())) {
        ObjectNode change = changes.putObject(field.getKey());
        change.set("from", from);
        change.set("to", field.getValue());
      }
    }
    return changes;
  }

  private static void time(ObjectNode json, String field, @Nullable Instant instant) {
    json.put(field, Json.time(instant));
  }
}
