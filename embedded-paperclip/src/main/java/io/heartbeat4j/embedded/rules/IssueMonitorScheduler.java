package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/** Schedules issue monitors, which wake the assignee at a time. */
final class IssueMonitorScheduler {

  private final ServerState server;
  private final WakeAdmissionService wakeAdmission;

  IssueMonitorScheduler(ServerState server, WakeAdmissionService wakeAdmission) {
    this.server = server;
    this.wakeAdmission = wakeAdmission;
  }

  /**
   * Applies an {@code executionPolicy} and schedules its monitor. A move to todo, backlog or a closed status cancels
   * it.
   */
  void applyPolicy(IssueEntity issueEntity, ObjectNode body, ApiCall apiCall, boolean moves) {
    JsonNode policy = body.get("executionPolicy");
    if (policy != null) {
      mergePolicy(issueEntity, policy);
      JsonNode monitor = policy.path("monitor");
      if (monitor.isObject()) {
        schedule(issueEntity, monitor, apiCall);
        return;
      }
      if (policy.isNull() || policy.has("monitor")) {
        cancelMonitor(issueEntity);
      }
    }
    if (moves && issueEntity.status() != IssueStatus.IN_REVIEW && issueEntity.status() != IssueStatus.IN_PROGRESS
        && issueEntity.status() != IssueStatus.BLOCKED) {
      cancelMonitor(issueEntity);
    }
  }

  private static void mergePolicy(IssueEntity issueEntity, JsonNode policy) {
    if (!policy.isObject()) {
      issueEntity.executionPolicy = null;
      return;
    }
    ObjectNode merged = issueEntity.executionPolicy == null ? defaults() : issueEntity.executionPolicy.deepCopy();
    merged.setAll((ObjectNode) policy.deepCopy());
    issueEntity.executionPolicy = merged;
  }

  private static ObjectNode defaults() {
    ObjectNode policy = JsonNodes.object().put("mode", "normal").put("commentRequired", true);
    policy.putArray("stages");
    return policy;
  }

  private void schedule(IssueEntity issueEntity, JsonNode monitor, ApiCall apiCall) {
    Instant at = JsonNodes.instant(JsonNodes.text(monitor, "nextCheckAt"),
        "executionPolicy.monitor.nextCheckAt must be an ISO time");
    if (at == null) {
      cancelMonitor(issueEntity);
      return;
    }
    issueEntity.monitorNextCheckAt = at;
    issueEntity.monitorNotes = JsonNodes.text(monitor, "notes");
    issueEntity.monitorScheduledBy = apiCall.agentId() == null ? "board" : "assignee";
    issueEntity.monitorWakeRequestedAt = null;
    Duration delay = Duration.between(server.scheduler.now(), at);
    server.schedule(delay.isNegative() ? Duration.ZERO : delay, () -> onDue(issueEntity, at));
  }

  private void onDue(IssueEntity issueEntity, Instant scheduled) {
    boolean current = scheduled.equals(issueEntity.monitorNextCheckAt);
    if (!current || issueEntity.status().isClosed() || issueEntity.assigneeAgentId == null) {
      return;
    }
    Instant now = server.now();
    issueEntity.monitorLastTriggeredAt = now;
    issueEntity.monitorWakeRequestedAt = now;
    issueEntity.monitorAttemptCount++;
    issueEntity.monitorNextCheckAt = null;
    ObjectNode context = IssueWakeRules.issueContext(issueEntity).put("source", "issue.monitor");
    context.put("monitorAttemptCount", issueEntity.monitorAttemptCount).put("monitorNotes", issueEntity.monitorNotes);
    context.put("nextCheckAt", JsonNodes.time(scheduled));
    wakeAdmission.admit(issueEntity.assigneeAgentId, WakeSpec.automation("issue_monitor_due", context));
  }

  private static void cancelMonitor(IssueEntity issueEntity) {
    issueEntity.monitorNextCheckAt = null;
    issueEntity.monitorNotes = null;
    issueEntity.monitorScheduledBy = null;
    if (issueEntity.executionPolicy != null) {
      issueEntity.executionPolicy.remove("monitor");
    }
  }
}
