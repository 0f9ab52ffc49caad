package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.state.IssueMemory.Rest;
import io.heartbeat4j.protocol.ExecutionStage;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.WakePayload;
import io.heartbeat4j.protocol.WakeReason;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.Optional;

/** Part of step 4: whether a candidate is worth a checkout, from what is remembered and what the server knows. */
public final class WorthTrying {

  private final BlockedNews blockedNews;
  private final Frugality frugality;

  @Inject
  public WorthTrying(BlockedNews blockedNews, Frugality frugality) {
    this.blockedNews = blockedNews;
    this.frugality = frugality;
  }

  public Future<Boolean> isWorthTrying(Beat beat, InboxItem item) {
    if (frugality.isShortFor(beat.self(), item.priority())) {
      beat.tell(Step.PICK_WORK, Kind.SKIPPED, item.label(), "the month's budget is nearly spent, and this is not critical");
      return Future.succeededFuture(false);
    }
    return isRested(beat, item.id()).compose(rested -> rested && item.status().equals(IssueStatus.BLOCKED)
        ? blockedNews.isWorthTrying(beat, item)
        : Future.succeededFuture(rested));
  }

  /** Whether the wake does not ask somebody else for a review of the issue. */
  public static boolean isOurTurn(Beat beat, IssueId issue) {
    WakePayload payload = beat.factsOf(issue).payload();
    ExecutionStage stage = payload == null ? null : payload.executionStage();
    boolean others = stage != null && stage.asksSomebodyElse(beat.self().id());
    if (others) {
      beat.tell(Step.PICK_WORK, Kind.SKIPPED, beat.labelOf(issue), "somebody else is asked for its review");
    }
    return !others;
  }

  /** Whether the rest after a 409 is over, or a wake for another reason or with a comment has come since. */
  public Future<Boolean> isRested(Beat beat, IssueId issue) {
    return beat.recall(issue)
        .map(known -> known.rest().filter(left -> left.until().isAfter(beat.clock().instant()) && isSameWake(beat, issue, left)))
        .onSuccess(rest -> rest.ifPresent(left -> beat.tell(Step.PICK_WORK, Kind.SKIPPED, beat.labelOf(issue),
            "it was somebody else's or paused (409); left alone until " + left.until())))
        .map(Optional::isEmpty);
  }

  private static boolean isSameWake(Beat beat, IssueId issue, Rest rest) {
    if (!issue.equals(beat.wake().facts().issue())) {
      return true;
    }
    WakeReason reason = beat.wake().facts().reason();
    return beat.wake().facts().comments().isEmpty() && reason != null && reason.equals(rest.reason());
  }
}
