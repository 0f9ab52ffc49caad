package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Guards of a status: who will act next when an issue rests in review or is blocked. */
final class Disposition {

  private static final String NO_REVIEW_PATH =
      "invalid_issue_disposition: Agent-authored updates that move an issue to in_review must include a real review"
          + " path. This request would leave the issue in_review without anyone or anything owning the next action."
          + " Keep working instead of moving to review, create a request_confirmation or ask_user_questions interaction,"
          + " link or request a pending approval, assign a human reviewer with assigneeUserId, set a typed"
          + " executionState.currentParticipant through an execution policy, or schedule an issue monitor for an external"
          + " review/check. After creating one of those review paths, retry the status update.";
  private static final List<String> REVIEW_PATHS =
      List.of(
          "pending_issue_thread_interaction",
          "linked_pending_approval",
          "human_assignee_user_id",
          "typed_execution_state_current_participant",
          "scheduled_issue_monitor");

  private final World world;

  Disposition(World world) {
    this.world = world;
  }

  /** Refuses what would leave the issue without anybody who acts next. */
  void guard(Call call, Issue issue, ObjectNode body, Optional<Status> next) {
    guardUnblockOwner(call, issue, body, next);
    if (next.isEmpty()) {
      return;
    }
    if (next.get() == Status.BLOCKED && issue.status() != Status.BLOCKED) {
      guardBlocked(issue, body);
    }
    if (next.get() == Status.IN_REVIEW && issue.status() != Status.IN_REVIEW && call.agentId() != null) {
      guardReview(issue, body);
    }
    if (next.get() == Status.IN_PROGRESS) {
      guardInProgress(issue, body);
    }
  }

  private void guardUnblockOwner(Call call, Issue issue, ObjectNode body, Optional<Status> next) {
    JsonNode descriptor = body.path("unblockDescriptor");
    if (!descriptor.isObject()) {
      return;
    }
    if (next.orElse(issue.status()) != Status.BLOCKED) {
      throw Refusal.unprocessable("unblockDescriptor requires blocked status");
    }
    JsonNode owner = descriptor.path("owner");
    String ownerId = Json.text(owner, "agentId");
    if (call.actor() instanceof Actor.AgentActor agent && !agent.is(ownerId)) {
      throw Refusal.forbidden("Agents may only name themselves as an unblock owner");
    }
    if (ownerId != null && world.agentOf(ownerId).filter(agent -> agent.companyId.equals(issue.companyId)).isEmpty()) {
      throw Refusal.unprocessable("Unblock owner agent must belong to the issue company");
    }
  }

  private void guardBlocked(Issue issue, ObjectNode body) {
    boolean unresolved;
    if (body.path("blockedByIssueIds").isArray()) {
      unresolved = false;
      for (JsonNode id : body.path("blockedByIssueIds")) {
        Issue blocker = world.issues.get(id.asText());
        unresolved |= blocker != null && !blocker.status().closed();
      }
    } else {
      unresolved = !world.unresolvedBlockers(issue).isEmpty();
    }
    if (!unresolved
        && !body.path("unblockDescriptor").isObject()
        && !world.hasPendingInteraction(issue)
        && !world.hasPendingApproval(issue)) {
      throw Refusal.unprocessable(
          "Entering blocked requires unresolved blockers, a pending interaction/approval, or unblockDescriptor");
    }
  }

  private void guardReview(Issue issue, ObjectNode body) {
    boolean person = body.has("assigneeUserId") ? body.hasNonNull("assigneeUserId") : issue.assigneeUserId != null;
    boolean monitor = Json.text(body.path("executionPolicy").path("monitor"), "nextCheckAt") != null;
    boolean participant = issue.executionState != null && issue.executionState.hasNonNull("currentParticipant");
    if (person
        || monitor
        || participant
        || issue.monitorNextCheckAt != null
        || world.hasPendingInteraction(issue)
        || world.hasPendingApproval(issue)) {
      return;
    }
    ObjectNode details = Json.object().put("code", "invalid_issue_disposition").put("missing", "review_path");
    details.set("validReviewPaths", Json.array(REVIEW_PATHS));
    throw Refusal.unprocessable(NO_REVIEW_PATH, details);
  }

  private void guardInProgress(Issue issue, ObjectNode body) {
    boolean assigned =
        (body.has("assigneeAgentId") ? body.hasNonNull("assigneeAgentId") : issue.assigneeAgentId != null)
            || (body.has("assigneeUserId") ? body.hasNonNull("assigneeUserId") : issue.assigneeUserId != null);
    if (!assigned) {
      throw Refusal.unprocessable("in_progress issues require an assignee");
    }
    boolean replaced = body.path("blockedByIssueIds").isArray();
    if (issue.status() == Status.BLOCKED && !replaced && !world.unresolvedBlockers(issue).isEmpty()) {
      ObjectNode details = Json.object().put("issueId", issue.id);
      details.set(
          "unresolvedBlockerIssueIds",
          Json.array(world.unresolvedBlockers(issue).stream().map(blocker -> blocker.id).toList()));
      throw Refusal.conflict("Issue follow-up blocked by unresolved blockers", details);
    }
  }

  /** Refuses blockers that are unknown or that wait, directly or not, for the issue itself. */
  void guardBlockers(Issue issue, JsonNode blockerIds) {
    for (JsonNode id : blockerIds) {
      Issue blocker = world.issues.get(id.asText());
      if (blocker == null || !blocker.companyId.equals(issue.companyId)) {
        throw Refusal.unprocessable("Blocked-by issues must belong to the same company");
      }
      if (blocker == issue) {
        throw Refusal.unprocessable("Issue cannot be blocked by itself");
      }
      if (waitsFor(blocker, issue)) {
        throw Refusal.unprocessable("Blocking relations cannot contain cycles");
      }
    }
  }

  private boolean waitsFor(Issue from, Issue target) {
    Deque<Issue> open = new ArrayDeque<>(List.of(from));
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Issue current = open.pop();
      if (current == target) {
        return true;
      }
      for (String id : current.blockedBy) {
        Issue next = world.issues.get(id);
        if (next != null && seen.add(id)) {
          open.push(next);
        }
      }
    }
    return false;
  }
}
