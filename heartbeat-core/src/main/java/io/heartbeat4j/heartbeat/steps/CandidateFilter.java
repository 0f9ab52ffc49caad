package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.IssueMemory.ConflictRest;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.WakePayload;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.protocol.WakeReviewStage;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.Optional;

/** Part of step 4: whether a candidate is worth a checkout, from what is remembered and what the server knows. */
public final class CandidateFilter {

  private final UnblockCheck unblockCheck;
  private final BudgetGuard budgetGuard;

  @Inject
  public CandidateFilter(UnblockCheck unblockCheck, BudgetGuard budgetGuard) {
    this.unblockCheck = unblockCheck;
    this.budgetGuard = budgetGuard;
  }

  public Future<Boolean> isWorthTrying(HeartbeatContext heartbeat, InboxItem item) {
    if (budgetGuard.defers(heartbeat.self(), item.priority())) {
      heartbeat.emit(Step.PICK_WORK, Kind.SKIPPED, item.label(),
          "the month's budget is nearly spent, and this is not critical");
      return Future.succeededFuture(false);
    }
    return isRestOver(heartbeat, item.id()).compose(rested -> rested && item.status().equals(IssueStatus.BLOCKED)
        ? unblockCheck.canBeUnblocked(heartbeat, item)
        : Future.succeededFuture(rested));
  }

  /**
   * Whether the issue that the wake names can be tried: its review is not another's, and its rest after a 409 is over.
   */
  public Future<Boolean> isOurTurn(HeartbeatContext heartbeat, IssueId issue) {
    return isReviewOfAnother(heartbeat, issue) ? Future.succeededFuture(false) : isRestOver(heartbeat, issue);
  }

  private static boolean isReviewOfAnother(HeartbeatContext heartbeat, IssueId issue) {
    WakePayload payload = heartbeat.factsOf(issue).payload();
    WakeReviewStage stage = payload == null ? null : payload.executionStage();
    boolean others = stage != null && stage.awaitsVerdictOfOther(heartbeat.self().id());
    if (others) {
      heartbeat.emit(Step.PICK_WORK, Kind.SKIPPED, heartbeat.labelOf(issue), "somebody else is asked for its review");
    }
    return others;
  }

  /** Whether the rest after a 409 is over, or a wake for another reason or with a comment has come since. */
  private Future<Boolean> isRestOver(HeartbeatContext heartbeat, IssueId issue) {
    return heartbeat.memory().get(issue)
        .map(known -> known.rest()
            .filter(left -> left.until().isAfter(heartbeat.clock().instant()) && isSameWake(heartbeat, issue, left)))
        .onSuccess(rest -> rest.ifPresent(left -> heartbeat.emit(Step.PICK_WORK, Kind.SKIPPED, heartbeat.labelOf(issue),
            "it was somebody else's or paused (409); left alone until " + left.until())))
        .map(Optional::isEmpty);
  }

  private static boolean isSameWake(HeartbeatContext heartbeat, IssueId issue, ConflictRest rest) {
    if (!issue.equals(heartbeat.wake().facts().issue())) {
      return true;
    }
    WakeReason reason = heartbeat.wake().facts().reason();
    return heartbeat.wake().facts().comments().isEmpty() && reason != null && reason.equals(rest.reason());
  }
}
