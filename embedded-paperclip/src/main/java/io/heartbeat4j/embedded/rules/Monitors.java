package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Issue monitors: an issue that rests until a time and then wakes its assignee, without a checkout. */
final class Monitors {

  private final World world;
  private final Wakes wakes;

  Monitors(World world, Wakes wakes) {
    this.world = world;
    this.wakes = wakes;
  }

  /** Takes over an {@code executionPolicy} and schedules its monitor; leaving the resting state drops it. */
  void apply(Issue issue, ObjectNode body, Call call, boolean moves) {
    JsonNode policy = body.get("executionPolicy");
    if (policy != null) {
      merge(issue, policy);
      JsonNode monitor = policy.path("monitor");
      if (monitor.isObject()) {
        schedule(issue, monitor, call);
        return;
      }
      if (policy.isNull() || policy.has("monitor")) {
        drop(issue);
      }
    }
    if (moves && issue.status() != Status.IN_REVIEW && issue.status() != Status.IN_PROGRESS && issue.status() != Status.BLOCKED) {
      drop(issue);
    }
  }

  private static void merge(Issue issue, JsonNode policy) {
    if (!policy.isObject()) {
      issue.executionPolicy = null;
      return;
    }
    ObjectNode merged = issue.executionPolicy == null ? defaults() : issue.executionPolicy.deepCopy();
    merged.setAll((ObjectNode) policy.deepCopy());
    issue.executionPolicy = merged;
  }

  private static ObjectNode defaults() {
    ObjectNode policy = Json.object().put("mode", "normal").put("commentRequired", true);
    policy.putArray("stages");
    return policy;
  }

  private void schedule(Issue issue, JsonNode monitor, Call call) {
    Instant at = parse(Json.text(monitor, "nextCheckAt"));
    if (at == null) {
      drop(issue);
      return;
    }
    issue.monitorNextCheckAt = at;
    issue.monitorNotes = Json.text(monitor, "notes");
    issue.monitorScheduledBy = call.agentId() == null ? "board" : "assignee";
    issue.monitorWakeRequestedAt = null;
    Duration delay = Duration.between(world.time.now(), at);
    world.later(delay.isNegative() ? Duration.ZERO : delay, () -> due(issue, at));
  }

  private void due(Issue issue, Instant scheduled) {
    boolean current = scheduled.equals(issue.monitorNextCheckAt);
    if (!current || issue.status().closed() || issue.assigneeAgentId == null) {
      return;
    }
    Instant now = world.now();
    issue.monitorLastTriggeredAt = now;
    issue.monitorWakeRequestedAt = now;
    issue.monitorAttemptCount++;
    issue.monitorNextCheckAt = null;
    ObjectNode context = AfterWrite.about(issue).put("source", "issue.monitor");
    context.put("monitorAttemptCount", issue.monitorAttemptCount).put("monitorNotes", issue.monitorNotes);
    context.put("nextCheckAt", Json.time(scheduled));
    wakes.wake(issue.assigneeAgentId, WakeSpec.automation("issue_monitor_due", context));
  }

  private static void drop(Issue issue) {
    issue.monitorNextCheckAt = null;
    issue.monitorNotes = null;
    issue.monitorScheduledBy = null;
    if (issue.executionPolicy != null) {
      issue.executionPolicy.remove("monitor");
    }
  }

  private static @Nullable Instant parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw Refusal.badRequest("executionPolicy.monitor.nextCheckAt must be an ISO time");
    }
  }
}
