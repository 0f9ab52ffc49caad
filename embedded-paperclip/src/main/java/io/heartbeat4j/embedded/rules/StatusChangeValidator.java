package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Validates status changes: an issue in review, blocked or in progress needs a next step. */
final class StatusChangeValidator {

  private static final String NO_REVIEW_PATH = "invalid_issue_disposition: Agent-authored updates that move an issue to in_review must include a real review"
      + " path. This request would leave the issue in_review without anyone or anything owning the next action."
      + " Keep working instead of moving to review, create a request_confirmation or ask_user_questions interaction,"
      + " link or request a pending approval, assign a human reviewer with assigneeUserId, set a typed"
      + " executionState.currentParticipant through an execution policy, or schedule an issue monitor for an external"
      + " review/check. After creating one of those review paths, retry the status update.";
  private static final List<String> REVIEW_PATHS = List.of(
      "pending_issue_thread_interaction",
      "linked_pending_approval",
      "human_assignee_user_id",
      "typed_execution_state_current_participant",
      "scheduled_issue_monitor");

  private final ServerState server;

  StatusChangeValidator(ServerState server) {
    this.server = server;
  }

  /** Refuses a status without review path, unblock path or assignee. */
  void validate(ApiCall apiCall, IssueEntity issueEntity, ObjectNode body, Optional<IssueStatus> next) {
    validateUnblockOwner(apiCall, issueEntity, body, next);
    if (next.isEmpty()) {
      return;
    }
    if (next.get() == IssueStatus.BLOCKED && issueEntity.status() != IssueStatus.BLOCKED) {
      validateBlocked(issueEntity, body);
    }
    if (next.get() == IssueStatus.IN_REVIEW && issueEntity.status() != IssueStatus.IN_REVIEW
        && apiCall.agentId() != null) {
      validateReview(issueEntity, body);
    }
    if (next.get() == IssueStatus.IN_PROGRESS) {
      validateInProgress(issueEntity, body);
    }
  }

  private void validateUnblockOwner(ApiCall apiCall, IssueEntity issueEntity, ObjectNode body,
      Optional<IssueStatus> next) {
    JsonNode descriptor = body.path("unblockDescriptor");
    if (!descriptor.isObject()) {
      return;
    }
    if (next.orElse(issueEntity.status()) != IssueStatus.BLOCKED) {
      throw ApiException.unprocessable("unblockDescriptor requires blocked status");
    }
    JsonNode owner = descriptor.path("owner");
    String ownerId = JsonNodes.text(owner, "agentId");
    if (apiCall.actor() instanceof RequestActor.AgentActor agent && !agent.hasId(ownerId)) {
      throw ApiException.forbidden("Agents may only name themselves as an unblock owner");
    }
    if (ownerId != null && server.findAgent(ownerId, issueEntity.companyId).isEmpty()) {
      throw ApiException.unprocessable("Unblock owner agent must belong to the issue company");
    }
  }

  private void validateBlocked(IssueEntity issueEntity, ObjectNode body) {
    boolean unresolved;
    if (body.path("blockedByIssueIds").isArray()) {
      unresolved = false;
      for (JsonNode id : body.path("blockedByIssueIds")) {
        IssueEntity blocker = server.issues.get(id.asText());
        unresolved |= blocker != null && !blocker.status().isClosed();
      }
    } else {
      unresolved = !server.unresolvedBlockers(issueEntity).isEmpty();
    }
    if (!unresolved
        && !body.path("unblockDescriptor").isObject()
        && !server.hasPendingInteraction(issueEntity)
        && !server.hasPendingApproval(issueEntity)) {
      throw ApiException.unprocessable(
          "Entering blocked requires unresolved blockers, a pending interaction/approval, or unblockDescriptor");
    }
  }

  private void validateReview(IssueEntity issueEntity, ObjectNode body) {
    boolean person = body.has("assigneeUserId") ? body.hasNonNull("assigneeUserId")
        : issueEntity.assigneeUserId != null;
    boolean monitor = JsonNodes.text(body.path("executionPolicy").path("monitor"), "nextCheckAt") != null;
    boolean participant = issueEntity.executionState != null
        && issueEntity.executionState.hasNonNull("currentParticipant");
    if (person
        || monitor
        || participant
        || issueEntity.monitorNextCheckAt != null
        || server.hasPendingInteraction(issueEntity)
        || server.hasPendingApproval(issueEntity)) {
      return;
    }
    ObjectNode details = JsonNodes.object().put("code", "invalid_issue_disposition").put("missing", "review_path");
    details.set("validReviewPaths", JsonNodes.array(REVIEW_PATHS));
    throw ApiException.unprocessable(NO_REVIEW_PATH, details);
  }

  private void validateInProgress(IssueEntity issueEntity, ObjectNode body) {
    boolean assigned = (body.has("assigneeAgentId") ? body.hasNonNull("assigneeAgentId")
        : issueEntity.assigneeAgentId != null)
        || (body.has("assigneeUserId") ? body.hasNonNull("assigneeUserId") : issueEntity.assigneeUserId != null);
    if (!assigned) {
      throw ApiException.unprocessable("in_progress issues require an assignee");
    }
    boolean replaced = body.path("blockedByIssueIds").isArray();
    if (issueEntity.status() == IssueStatus.BLOCKED && !replaced && !server.unresolvedBlockers(issueEntity).isEmpty()) {
      ObjectNode details = JsonNodes.object().put("issueId", issueEntity.id);
      details.set(
          "unresolvedBlockerIssueIds",
          JsonNodes.array(server.unresolvedBlockers(issueEntity).stream().map(blocker -> blocker.id).toList()));
      throw ApiException.conflict("Issue follow-up blocked by unresolved blockers", details);
    }
  }

  /** Refuses unknown blockers, and blockers that the issue blocks, directly or not. */
  void validateBlockers(IssueEntity issueEntity, JsonNode blockerIds) {
    for (JsonNode id : blockerIds) {
      IssueEntity blocker = server.issues.get(id.asText());
      if (blocker == null || !blocker.companyId.equals(issueEntity.companyId)) {
        throw ApiException.unprocessable("Blocked-by issues must belong to the same company");
      }
      if (blocker == issueEntity) {
        throw ApiException.unprocessable("Issue cannot be blocked by itself");
      }
      if (isBlockedBy(blocker, issueEntity)) {
        throw ApiException.unprocessable("Blocking relations cannot contain cycles");
      }
    }
  }

  private boolean isBlockedBy(IssueEntity from, IssueEntity target) {
    Deque<IssueEntity> open = new ArrayDeque<>(List.of(from));
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      IssueEntity current = open.pop();
      if (current == target) {
        return true;
      }
      for (String id : current.blockedBy) {
        IssueEntity next = server.issues.get(id);
        if (next != null && seen.add(id)) {
          open.push(next);
        }
      }
    }
    return false;
  }
}
