package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.IssuePatch;
import io.heartbeat4j.protocol.ReviewState;
import java.util.Optional;

/**
 * The agent's part in the stages of review of an issue that it holds. With stages, the server reads a status
 * differently (seen on the real server): the worker's {@code done} and {@code in_review} ask for the review, a
 * reviewer's {@code done} approves, and whatever else a reviewer says but {@code in_review} is a no. Pure.
 */
enum ReviewRole {
  /** There are no stages, or all are behind: a status means what it says. */
  NO_STAGES,
  /** Does the work that others look at. */
  EXECUTOR,
  /** Is asked for a verdict. */
  REVIEWER,
  /** Has nothing to say: somebody else is asked. */
  OUTSIDER;

  /** Where the issue goes with an update that takes it from the agent and so ends its run. */
  record HandOff(String to, IssueStatus becomes) {}

  static ReviewRole of(Issue issue, AgentId self) {
    ReviewState state = issue.executionState();
    if (state != null && state.isPending()) {
      return state.awaitsVerdictOf(self) ? REVIEWER : OUTSIDER;
    }
    return issue.hasStagesLeft() ? EXECUTOR : NO_STAGES;
  }

  /** The update that means here what {@code update} means without stages. */
  IssuePatch translate(IssuePatch update) {
    IssueStatus status = update.status();
    return switch (this) {
      case NO_STAGES -> update;
      case EXECUTOR -> status.equals(IssueStatus.IN_REVIEW) && !update.isHandOff() ? update.avoidingReview() : update;
      case REVIEWER -> status.equals(IssueStatus.BLOCKED) ? update.stayingInReview() : update;
      case OUTSIDER -> update.stayingInReview();
    };
  }

  Optional<HandOff> handOff(Issue issue, IssuePatch update) {
    IssueStatus status = update.status();
    return switch (this) {
      case NO_STAGES -> update.isHandOff() ? Optional.of(new HandOff("to a person", status)) : Optional.empty();
      case EXECUTOR -> status.equals(IssueStatus.DONE) || update.isHandOff()
          ? Optional.of(new HandOff("to whoever reviews it", IssueStatus.IN_REVIEW))
          : Optional.empty();
      case REVIEWER -> status.equals(IssueStatus.IN_PROGRESS)
          ? Optional.of(new HandOff("back to the one who works it", IssueStatus.IN_PROGRESS))
          : status.equals(IssueStatus.DONE) && !issue.isInItsLastStage()
              ? Optional.of(new HandOff("to whoever has the next stage", IssueStatus.IN_REVIEW))
              : Optional.empty();
      case OUTSIDER -> Optional.of(new HandOff("to whoever is asked for the review", IssueStatus.IN_REVIEW));
    };
  }
}
