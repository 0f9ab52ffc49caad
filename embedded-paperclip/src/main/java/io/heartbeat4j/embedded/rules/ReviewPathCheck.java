package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Checks the review paths of an issue in review, and makes the wake for a lost review path. */
final class ReviewPathCheck {

  static final String PATH_LOST_REASON = "issue_review_path_lost";

  private final ServerState server;
  private final Set<String> notified = new HashSet<>();

  ReviewPathCheck(ServerState server) {
    this.server = server;
  }

  /** Whether a user, monitor, card, approval or stage participant continues the review. */
  static boolean hasReviewPath(ServerState server, IssueEntity issueEntity) {
    return issueEntity.assigneeUserId != null
        || issueEntity.monitorNextCheckAt != null
        || server.hasPendingInteraction(issueEntity)
        || server.hasPendingApproval(issueEntity)
        || (issueEntity.executionState != null && issueEntity.executionState.hasNonNull("currentParticipant"));
  }

  /** The context of the wake after a run that leaves the issue without review path; sent once per used path. */
  Optional<ObjectNode> lostPathContext(RunEntity runEntity, IssueEntity issueEntity) {
    boolean stalled = issueEntity.status() == IssueStatus.IN_REVIEW && issueEntity.assigneeAgentId != null
        && !hasReviewPath(server, issueEntity);
    String consumed = consumedPathId(runEntity, issueEntity);
    if (!stalled || PATH_LOST_REASON.equals(runEntity.wakeReason()) || !notified.add(issueEntity.id + ":" + consumed)) {
      return Optional.empty();
    }
    ObjectNode context = IssueWakeRules.issueContext(issueEntity).put("sourceIssueId", issueEntity.id)
        .put("sourceRunId", runEntity.id);
    context.put("reviewPathLost", true).put("reviewPathConsumedRef", consumed);
    context.put("reviewPathRecoveryAttempt", 1).put("maxReviewPathRecoveryAttempts", 1);
    String source = JsonNodes.text(runEntity.context, "source");
    return Optional.of(context.put("source", source == null ? "heartbeat.review_path_disposition" : source));
  }

  /** The id of the review path that the run used: card, approval or monitor of its wake, else the run. */
  private static String consumedPathId(RunEntity runEntity, IssueEntity issueEntity) {
    for (String field : new String[]{"reviewPathConsumedRef", "interactionId", "approvalId"}) {
      String ref = JsonNodes.text(runEntity.context, field);
      if (ref != null) {
        return ref;
      }
    }
    String reason = runEntity.wakeReason();
    boolean monitor = reason != null && reason.startsWith("issue_monitor");
    return monitor ? "monitor:" + issueEntity.id + ":" + runEntity.context.path("monitorAttemptCount").asText("unknown")
        : runEntity.id;
  }
}
