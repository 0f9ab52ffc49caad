package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a worker's result means for the issue (contract section 12). Pure. */
final class DispositionMapper {

  /** The server's monitor looks ahead: a time that has passed is taken as this much from now. */
  private static final Duration SOONEST = Duration.ofSeconds(10);

  /** The server refuses times that its calendar does not have. */
  private static final Duration LATEST = Duration.ofDays(366);

  private DispositionMapper() {}

  static Disposition dispositionOf(WorkResult result, HeartbeatContext heartbeat, Issue issue, List<Issue> subtasks,
      EscalationPolicy policy) {
    Disposition disposition = switch (result) {
      case WorkResult.Done done -> new Disposition.Close(done.summary());
      case WorkResult.ChangesRequested changes -> new Disposition.RequestChanges(changes.comment());
      case WorkResult.NeedsReview review -> review(review);
      case WorkResult.Blocked blocked -> blocked(blocked, heartbeat, issue, subtasks, policy);
      case WorkResult.Later later ->
        new Disposition.ReviewAt(later.reason(), within(heartbeat.clock().instant().plus(SOONEST), later.at(),
            heartbeat.clock().instant().plus(LATEST)));
      case WorkResult.Reply reply -> throw new IllegalArgumentException("a reply is not for a held issue");
      case WorkResult.Nothing nothing -> throw new IllegalArgumentException("nothing is not for a held issue");
    };
    return subtasks.isEmpty() ? disposition : disposition.withComment(disposition.comment() + listSubtasks(subtasks));
  }

  /** The worker's own words. */
  static String commentOf(WorkResult result) {
    return switch (result) {
      case WorkResult.Done done -> done.summary();
      case WorkResult.ChangesRequested changes -> changes.comment();
      case WorkResult.NeedsReview review -> review.summary();
      case WorkResult.Blocked blocked -> blocked.reason();
      case WorkResult.Later later -> later.reason();
      case WorkResult.Reply reply -> reply.text();
      case WorkResult.Nothing nothing -> "";
    };
  }

  private static Disposition review(WorkResult.NeedsReview review) {
    return switch (review.path()) {
      case ReviewPath.Card card -> new Disposition.ReviewByCard(review.summary(), card.question());
      case ReviewPath.BoardApproval approval ->
        new Disposition.ReviewByBoard(review.summary(), approval.title(), approval.summary(), approval.then());
      case ReviewPath.PendingApproval pending ->
        new Disposition.ReviewByApproval(review.summary(), pending.approval(), pending.then());
      case ReviewPath.Person person -> new Disposition.HandOver(review.summary(), person.user());
    };
  }

  private static Disposition blocked(
      WorkResult.Blocked blocked, HeartbeatContext heartbeat, Issue issue, List<Issue> subtasks,
      EscalationPolicy policy) {
    return switch (blocked.unblock()) {
      case UnblockCondition.ByIssues by -> new Disposition.BlockedByIssues(blocked.reason(), by.issues());
      case UnblockCondition.BySubtasks by ->
        new Disposition.BlockedByIssues(blocked.reason(), subtasks.stream().map(Issue::id).toList());
      case UnblockCondition.ByQuestion by -> new Disposition.BlockedByCard(blocked.reason(), by.question(), "question");
      case UnblockCondition.ByManager by -> policy.onManagerNeeded(blocked.reason(), by, heartbeat.self(), issue);
      case UnblockCondition.BySelf by -> new Disposition.BlockedBySelf(blocked.reason(), by.action());
    };
  }

  private static Instant within(Instant soonest, Instant at, Instant latest) {
    return at.isBefore(soonest) ? soonest : at.isAfter(latest) ? latest : at;
  }

  private static String listSubtasks(List<Issue> subtasks) {
    StringBuilder lines = new StringBuilder("\n\nSubtasks:");
    for (Issue subtask : subtasks) {
      lines.append("\n- ").append(subtask.label()).append(' ').append(subtask.title());
    }
    return lines.toString();
  }
}
