package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.memory.IssueMemory;
import io.heartbeat4j.heartbeat.memory.IssueMemory.Repetition;
import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.memory.LastDisposition.WaitsFor;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.policy.ActivityCheck;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.Trigger;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Between steps 6 and 7: decides whether the worker is called in this wake. A checked-out issue is never left as it is
 * (the server answers that with corrective wakes and escalation, contract section 12): without work it gets a
 * disposition.
 */
public final class NextActionDecider {

  private final EscalationPolicy policy;
  private final HeartbeatLimits limits;
  private final BudgetGuard budgetGuard;
  private final DelegationGuard delegationGuard;

  @Inject
  public NextActionDecider(EscalationPolicy policy, HeartbeatLimits limits, BudgetGuard budgetGuard,
      DelegationGuard delegationGuard) {
    this.policy = policy;
    this.limits = limits;
    this.budgetGuard = budgetGuard;
    this.delegationGuard = delegationGuard;
  }

  public Future<NextAction> decide(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkItem item) {
    return heartbeat.memory().update(checkedOut.issue().id(), known -> known.with(repetition(heartbeat, item, known)))
        .compose(memory -> delegationGuard.acceptedResult(heartbeat, item)
            .map(accepted -> nextAction(heartbeat, checkedOut, item, memory, accepted)));
  }

  private NextAction nextAction(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkItem item,
      IssueMemory memory, Optional<WorkOutcome.Held> accepted) {
    Optional<LogEntry> earlier = checkedOut.earlierEntries().stream()
        .filter(entry -> !entry.isCommentInThread(item.comments())).findFirst();
    if (earlier.isPresent() && !isSuperseded(earlier.get(), heartbeat, item)) {
      return new NextAction.ResumeEarlierRun(earlier.get());
    }
    if (ReviewRole.of(checkedOut.issue(), heartbeat.self().id()) == ReviewRole.OUTSIDER) {
      return new NextAction.SkipWork(
          new Disposition.Restore(IssueStatus.IN_REVIEW, ask(heartbeat, checkedOut)),
          "somebody else is asked for its review");
    }
    if (item.answeredCard().filter(InteractionKey::isContinuationRejected).isPresent()) {
      return new NextAction.SkipWork(
          policy.onContinuationRejected(reason(item), heartbeat.self(), checkedOut.issue()),
          "somebody has said no to going on");
    }
    if (accepted.isPresent()) {
      return new NextAction.DeliverHeld(accepted.get());
    }
    if (heartbeat.self().isOverBudget()) {
      return new NextAction.SkipWork(withoutBudget(heartbeat, checkedOut, item, memory), BudgetGuard.SPENT);
    }
    boolean budgetIsBack = waitsForBudget(memory);
    if (isCorrective(item) && !budgetIsBack) {
      return new NextAction.SkipWork(restDisposition(heartbeat, checkedOut, memory.disposition()),
          "the server asks for the status only");
    }
    if (isLoop(item, memory) && !budgetIsBack) {
      return new NextAction.SkipWork(restDisposition(heartbeat, checkedOut, memory.disposition()),
          "nothing new from others since the last time");
    }
    return budgetGuard.deferral(heartbeat, checkedOut.issue().priority(), memory)
        .<NextAction>map(rest -> new NextAction.SkipWork(rest, "the month's budget is nearly spent"))
        .orElseGet(NextAction.CallWorker::new);
  }

  /** Says once that the budget is spent, and again to who has answered the card; what rests for something else rests. */
  private Disposition withoutBudget(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkItem item,
      IssueMemory memory) {
    Disposition ask = policy.onFailure(BudgetGuard.spent(heartbeat.self()), heartbeat.self(), checkedOut.issue());
    boolean said = waitsForBudget(memory) && !(item.trigger() instanceof Trigger.InteractionAnswered);
    boolean rests = isCorrective(item) || isLoop(item, memory);
    return memory.disposition().filter(NextActionDecider::hasPath).filter(left -> said || rests)
        .<Disposition>map(left -> new Disposition.Restore(left.status(), new Disposition.WithoutComment(ask)))
        .orElse(ask);
  }

  private static boolean waitsForBudget(IssueMemory memory) {
    return memory.disposition().filter(left -> left.waitsFor() == WaitsFor.BUDGET).isPresent();
  }

  private static boolean isCorrective(WorkItem item) {
    return item.trigger() instanceof Trigger.Assigned assigned
        && assigned.reason().filter(WakeReason::isCorrective).isPresent();
  }

  private static Optional<String> reason(WorkItem item) {
    return item.trigger() instanceof Trigger.InteractionAnswered interactionAnswered
        ? Optional.ofNullable(interactionAnswered.result().get("reason")).map(String::valueOf)
            .filter(words -> !words.isBlank())
        : Optional.empty();
  }

  /**
   * Somebody has spoken since, or nothing had been begun and the issue is simply up again. A run that a host takes up
   * again has the wake that it had before: that is no news.
   */
  private static boolean isSuperseded(LogEntry earlier, HeartbeatContext heartbeat, WorkItem item) {
    if (earlier.run().equals(heartbeat.run().run())) {
      return earlier.isOnlyCheckedOut();
    }
    return ActivityCheck.hasActivitySince(heartbeat.self().id(), item, earlier.startedAt())
        || (earlier.outcome().isEmpty() && (ActivityCheck.isExternalAct(item) || !earlier.mayHaveSent(LogEntry.WORK)));
  }

  /** Counts the wakes for the same reason that brought nothing new; nothing where there is news. */
  private @Nullable Repetition repetition(HeartbeatContext heartbeat, WorkItem item, IssueMemory memory) {
    Instant now = heartbeat.clock().instant();
    Optional<LastDisposition> last = memory.disposition();
    if (last.isEmpty() || ActivityCheck.hasReasonToResume(last.get(), heartbeat.self().id(), item, now)) {
      return null;
    }
    WakeReason reason = reason(heartbeat);
    int before = memory.repetition()
        .filter(known -> known.reason().equals(reason) && known.last().isAfter(now.minus(limits.window())))
        .map(Repetition::times)
        .orElse(0);
    return new Repetition(reason, before + 1, now);
  }

  private boolean isLoop(WorkItem item, IssueMemory memory) {
    return memory.repetition()
        .filter(repetition -> (ActivityCheck.isWaiting(memory.disposition()) && !ActivityCheck.isExternalAct(item))
            || repetition.times() > limits.repetitions())
        .isPresent();
  }

  private static WakeReason reason(HeartbeatContext heartbeat) {
    WakeReason reason = heartbeat.wake().facts().reason();
    return reason == null ? new WakeReason("none") : reason;
  }

  /** Back to where the agent had left it; where there is nothing to go back to, somebody is asked. */
  private Disposition restDisposition(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      Optional<LastDisposition> last) {
    Disposition ask = ask(heartbeat, checkedOut);
    Instant until = last.map(LastDisposition::until).orElse(null);
    if (until != null && until.isAfter(heartbeat.clock().instant())
        && last.get().status().equals(IssueStatus.IN_PROGRESS)) {
      return new Disposition.WithoutComment(new Disposition.ReviewAt(ask.comment(), until));
    }
    return last.filter(NextActionDecider::hasPath)
        .<Disposition>map(left -> new Disposition.Restore(left.status(), new Disposition.WithoutComment(ask)))
        .orElse(last.isPresent() ? new Disposition.WithoutComment(ask) : ask);
  }

  private Disposition ask(HeartbeatContext heartbeat, CheckedOutIssue checkedOut) {
    return policy.onFailure(
        new WorkFailure(WorkFailure.Kind.NOTHING_NEW, "This agent is woken for it again and again ("
            + reason(heartbeat).wire() + "), and nothing has changed."),
        heartbeat.self(), checkedOut.issue());
  }

  private static boolean hasPath(LastDisposition last) {
    boolean rests = last.status().equals(IssueStatus.BLOCKED) || last.status().equals(IssueStatus.IN_REVIEW);
    return rests && last.waitsFor() != WaitsFor.ITSELF && last.waitsFor() != WaitsFor.PERSON;
  }
}
