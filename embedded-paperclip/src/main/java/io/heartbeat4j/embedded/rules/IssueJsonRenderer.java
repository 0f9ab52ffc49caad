package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders an issue as JSON. */
final class IssueJsonRenderer {

  private IssueJsonRenderer() {}

  /** The stored row, which is the response of checkout and release. */
  static ObjectNode render(IssueEntity issueEntity) {
    ObjectNode json = JsonNodes.object();
    json.put("id", issueEntity.id).put("companyId", issueEntity.companyId);
    JsonNodes.putNulls(json, "conversationAgentId", "conversationUserId", "conversationState");
    json.put("conversationSessionGeneration", 0).putNull("conversationBoundaryCommentId");
    json.put("projectId", issueEntity.projectId).putNull("projectWorkspaceId").put("goalId", issueEntity.goalId);
    json.put("parentId", issueEntity.parentId).put("title", issueEntity.title).put("description",
        issueEntity.description);
    json.put("status", issueEntity.status().wireName()).put("statusVersion", issueEntity.statusVersion)
        .putNull("lastStatusDecisionId");
    json.put("workMode", "standard").putNull("harnessKind").put("priority", issueEntity.priority)
        .putNull("reviewPolicy");
    json.put("assigneeAgentId", issueEntity.assigneeAgentId).put("assigneeUserId", issueEntity.assigneeUserId);
    json.put("checkoutRunId", issueEntity.checkoutRunId).put("executionRunId", issueEntity.executionRunId);
    json.put("executionAgentNameKey", issueEntity.executionAgentNameKey);
    time(json, "executionLockedAt", issueEntity.executionLockedAt);
    json.put("createdByAgentId", issueEntity.createdByAgentId).put("createdByUserId", issueEntity.createdByUserId);
    json.put("responsibleUserId", RequestActor.BOARD_USER);
    json.put("issueNumber", issueEntity.number).put("identifier", issueEntity.identifier);
    json.put("originKind", "manual").putNull("originId").put("originRunId", issueEntity.originRunId);
    JsonNodes.putNulls(json, "originIdentityContextId", "continuationIdentityContextId");
    json.put("originFingerprint", "default").put("requestDepth", 0);
    json.put("billingCode", issueEntity.billingCode).putNull("assigneeAdapterOverrides");
    json.set("executionPolicy", JsonNodes.copyOrNull(issueEntity.executionPolicy));
    json.set("executionState", JsonNodes.copyOrNull(issueEntity.executionState));
    time(json, "monitorNextCheckAt", issueEntity.monitorNextCheckAt);
    time(json, "monitorWakeRequestedAt", issueEntity.monitorWakeRequestedAt);
    time(json, "monitorLastTriggeredAt", issueEntity.monitorLastTriggeredAt);
    json.put("monitorAttemptCount", issueEntity.monitorAttemptCount).put("monitorNotes", issueEntity.monitorNotes);
    json.put("monitorScheduledBy", issueEntity.monitorScheduledBy);
    JsonNodes.putNulls(json, "executionWorkspaceId", "executionWorkspacePreference", "executionWorkspaceSettings",
        "sourceTrust");
    json.set("unblockDescriptor", JsonNodes.copyOrNull(issueEntity.unblockDescriptor));
    time(json, "blockedTransitionAt", issueEntity.blockedTransitionAt);
    time(json, "blockedOwnerNotifiedAt", issueEntity.blockedOwnerNotifiedAt);
    time(json, "startedAt", issueEntity.startedAt);
    time(json, "completedAt", issueEntity.completedAt);
    time(json, "cancelledAt", issueEntity.cancelledAt);
    json.putNull("hiddenAt");
    time(json, "createdAt", issueEntity.createdAt);
    time(json, "updatedAt", issueEntity.updatedAt);
    json.putArray("labels");
    json.putArray("labelIds");
    return json.putNull("watchdog");
  }

  /** The issue in the list of an approval, without locks. */
  static ObjectNode renderLinked(IssueEntity issueEntity) {
    ObjectNode json = render(issueEntity);
    return json.retain(
        List.of(
            "id", "companyId", "projectId", "goalId", "parentId", "title", "description", "status", "priority",
            "assigneeAgentId", "createdByAgentId", "createdByUserId", "issueNumber", "identifier", "requestDepth",
            "billingCode", "startedAt", "completedAt", "cancelledAt", "createdAt", "updatedAt"));
  }

  /** The issue in relations such as {@code blockedBy}. */
  static ObjectNode renderRelated(IssueEntity issueEntity) {
    return JsonNodes.object()
        .put("id", issueEntity.id)
        .put("identifier", issueEntity.identifier)
        .put("title", issueEntity.title)
        .put("status", issueEntity.status().wireName())
        .put("priority", issueEntity.priority)
        .put("assigneeAgentId", issueEntity.assigneeAgentId)
        .put("assigneeUserId", issueEntity.assigneeUserId);
  }

  static ArrayNode renderRelated(Collection<IssueEntity> issues) {
    ArrayNode array = JsonNodes.array();
    issues.forEach(issueEntity -> array.add(renderRelated(issueEntity)));
    return array;
  }

  static ObjectNode renderAncestor(IssueEntity issueEntity) {
    return JsonNodes.object()
        .put("id", issueEntity.id)
        .put("identifier", issueEntity.identifier)
        .put("title", issueEntity.title)
        .put("status", issueEntity.status().wireName())
        .put("priority", issueEntity.priority);
  }

  /** The changes of a write: {@code {field: {from, to}}}. */
  static ObjectNode renderChanges(JsonNode before, JsonNode after) {
    ObjectNode changes = JsonNodes.object();
    for (Map.Entry<String, JsonNode> field : after.properties()) {
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
    json.put(field, JsonNodes.time(instant));
  }
}
