package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The ways out of review, and the one wake that follows when the last of them is used up. */
final class ReviewPath {

  static final String LOST = "issue_review_path_lost";

  private final World world;
  private final Set<String> told = new HashSet<>();

  ReviewPath(World world) {
    this.world = world;
  }

  /** Whether somebody or something will look at the issue. */
  static boolean exists(World world, Issue issue) {
    return issue.assigneeUserId != null
        || issue.monitorNextCheckAt != null
        || world.hasPendingInteraction(issue)
        || world.hasPendingApproval(issue)
        || (issue.executionState != null && issue.executionState.hasNonNull("currentParticipant"));
  }

  /** What to tell the assignee when this run leaves an issue in review that nobody will look at; told once. */
  Optional<ObjectNode> lostBy(Run run, Issue issue) {
    boolean stalled = issue.status() == Status.IN_REVIEW && issue.assigneeAgentId != null && !exists(world, issue);
    String consumed = consumedBy(run, issue);
    if (!stalled || LOST.equals(run.wakeReason()) || !told.add(issue.id + ":" + consumed)) {
      return Optional.empty();
    }
    ObjectNode context = AfterWrite.about(issue).put("sourceIssueId", issue.id).put("sourceRunId", run.id);
    context.put("reviewPathLost", true).put("reviewPathConsumedRef", consumed);
    context.put("reviewPathRecoveryAttempt", 1).put("maxReviewPathRecoveryAttempts", 1);
    String source = Json.text(run.context, "source");
    return Optional.of(context.put("source", source == null ? "heartbeat.review_path_disposition" : source));
  }

  /** What the run woke up for names the way out that was used up. */
  private static String consumedBy(Run run, Issue issue) {
    for (String field : new String[] {"reviewPathConsumedRef", "interactionId", "approvalId"}) {
      String ref = Json.text(run.context, field);
      if (ref != null) {
        return ref;
      }
    }
    String reason = run.wakeReason();
    boolean monitor = reason != null && reason.startsWith("issue_monitor");
    return monitor ? "monitor:" + issue.id + ":" + run.context.path("monitorAttemptCount").asText("unknown") : run.id;
  }
}
