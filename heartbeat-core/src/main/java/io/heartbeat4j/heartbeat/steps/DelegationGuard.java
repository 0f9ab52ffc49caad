package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.IssueMemory;
import io.heartbeat4j.heartbeat.memory.SubtaskCount;
import io.heartbeat4j.heartbeat.outcome.Disposition.BlockedByCard;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.work.DelegationLimits;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Between steps 7 and 9: holds back a result that asks for more subtasks than the {@link DelegationLimits} allow, and
 * asks a person on a card. The server has no such limit: a worker that answers finished subtasks with new ones would
 * delegate for ever (contract section 14).
 */
public final class DelegationGuard {

  private final EscalationPolicy policy;

  @Inject
  public DelegationGuard(EscalationPolicy policy) {
    this.policy = policy;
  }

  /** Counts the subtasks of the outcome, before any is made; one that is over a limit is {@link WorkOutcome.Held}. */
  public Future<WorkOutcome> check(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkItem item,
      WorkOutcome outcome) {
    return outcome instanceof WorkOutcome.Returned returned
        ? heartbeat.memory().get(checkedOut.issue().id()).map(IssueMemory::subtasks)
            .compose(before -> check(heartbeat, checkedOut, item, returned, before))
        : Future.succeededFuture(outcome);
  }

  private Future<WorkOutcome> check(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkItem item,
      WorkOutcome.Returned returned, SubtaskCount before) {
    List<String> proposed = titles(returned.result());
    SubtaskCount counted = proposed.isEmpty() || isPersonsWord(item.trigger()) ? before.withoutRounds() : before;
    Optional<String> limit = proposed.isEmpty() ? Optional.empty()
        : limitReached(heartbeat.setup().limits().delegation(), counted, proposed.size(), item.ancestors().size());
    if (limit.isPresent()) {
      return Future.succeededFuture(hold(heartbeat, checkedOut, returned, proposed, limit.get()));
    }
    return count(heartbeat, checkedOut, proposed.isEmpty() ? counted : counted.plus(proposed.size())).map(returned);
  }

  private static Future<IssueMemory> count(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, SubtaskCount now) {
    return heartbeat.memory().write(checkedOut.issue().id(),
        known -> known.subtasks().equals(now) ? known : known.with(now));
  }

  private WorkOutcome hold(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkOutcome.Returned returned,
      List<String> proposed, String limit) {
    heartbeat.emit(Step.DELEGATE, Kind.REFUSED, checkedOut.issue().label(),
        proposed.size() + " subtask(s) wait for a person's yes: " + limit);
    BlockedByCard ask = policy.onTooManySubtasks(limit, DispositionMapper.commentOf(returned.result()), proposed,
        heartbeat.self());
    return new WorkOutcome.Held(returned.result(),
        ask.withTopic(BlockedByCard.SUBTASKS_TOPIC + checkedOut.entry().run()), returned.usage());
  }

  /** The held result whose card the trigger accepts. */
  Future<Optional<WorkOutcome.Held>> acceptedResult(HeartbeatContext heartbeat, WorkItem item) {
    Optional<Interaction> card = item.answeredCard()
        .filter(answered -> InteractionKey.isAbout(answered, BlockedByCard.SUBTASKS_TOPIC))
        .filter(answered -> item.trigger() instanceof Trigger.InteractionAnswered answer && answer.isAccepted());
    return card.isEmpty() ? Future.succeededFuture(Optional.empty())
        : heartbeat.log().held().find(item.issue().id())
            .map(held -> held.filter(result -> InteractionKey.isAbout(card.get(), result.ask().topic())));
  }

  /** A person's yes begins both counts anew. */
  Future<Void> recordAccepted(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkOutcome.Held held) {
    return count(heartbeat, checkedOut, SubtaskCount.NONE.plus(titles(held.result()).size())).mapEmpty();
  }

  /** Of everything that the result would make below the issue, a task for the manager included. */
  private static List<String> titles(WorkResult result) {
    Stream<String> subtasks = result.delegations().stream().map(Delegation::title);
    return (result instanceof WorkResult.Blocked blocked && blocked.unblock() instanceof UnblockCondition.ByManager by
        ? Stream.concat(subtasks, Stream.of(by.title()))
        : subtasks).toList();
  }

  private static Optional<String> limitReached(DelegationLimits limits, SubtaskCount counted, int proposed,
      int ancestors) {
    if (counted.rounds() >= limits.rounds()) {
      return Optional.of("There were " + counted.rounds()
          + " rounds of subtasks here, one after another, without other progress (the limit is " + limits.rounds()
          + ").");
    }
    if (counted.subtasks() + proposed > limits.subtasks()) {
      return Optional.of("This issue would get " + (counted.subtasks() + proposed)
          + " subtasks from this agent (the limit is " + limits.subtasks() + ").");
    }
    return ancestors >= limits.depth()
        ? Optional.of("There are " + ancestors + " issues above this one (the limit for subtasks is " + limits.depth()
            + ").")
        : Optional.empty();
  }

  private static boolean isPersonsWord(Trigger trigger) {
    return switch (trigger) {
      case Trigger.InteractionAnswered answered -> true;
      case Trigger.ApprovalDecided decided -> true;
      case Trigger.Commented commented -> commented.comments().stream().anyMatch(CommentView::isByPerson);
      case Trigger.ReviewRequested asked -> false;
      case Trigger.Unblocked unblocked -> false;
      case Trigger.Assigned assigned -> false;
    };
  }
}
