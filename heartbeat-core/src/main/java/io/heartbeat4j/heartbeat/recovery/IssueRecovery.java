package io.heartbeat4j.heartbeat.recovery;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.steps.CheckoutStep;
import io.heartbeat4j.heartbeat.steps.CostReporter;
import io.heartbeat4j.heartbeat.steps.HeartbeatContext;
import io.heartbeat4j.heartbeat.steps.IdempotentComment;
import io.heartbeat4j.heartbeat.steps.IssueSettler;
import io.heartbeat4j.heartbeat.steps.MentionHandler;
import io.heartbeat4j.heartbeat.steps.StatusUpdateStep;
import io.heartbeat4j.heartbeat.wal.ClaimedEntries;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;

/** Settles what interrupted runs have left of one issue, with the fewest writes that bring it to rest. */
final class IssueRecovery {

  private final CheckoutStep checkoutStep;
  private final IssueSettler settler;
  private final MentionHandler mention;
  private final CostReporter costs;

  @Inject
  IssueRecovery(CheckoutStep checkoutStep, IssueSettler settler, MentionHandler mention, CostReporter costs) {
    this.checkoutStep = checkoutStep;
    this.settler = settler;
    this.mention = mention;
    this.costs = costs;
  }

  /**
   * Settles the entries of one issue, those with an outcome first.
   *
   * @param entries never empty
   * @param strategy used only where the issue's disposition is still to be written
   */
  Future<RecoveryResult> recover(
      HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries, RecoveryStrategy strategy) {
    LogEntry first = entries.get(0);
    boolean mayBeTold = first.mayHaveSent(LogEntry.STATUS) || first.mayHaveSent(LogEntry.COMMENT);
    return mayBeTold && !first.isConfirmed(LogEntry.STATUS)
        ? heartbeat.session().comments(issue.id())
            .compose(thread -> recover(heartbeat, issue, entries, strategy, first.isCommentInThread(thread)))
        : recover(heartbeat, issue, entries, strategy, first.isConfirmed(LogEntry.STATUS));
  }

  /**
   * @param settled whether the server has the disposition already, or the result as a comment that others have overtaken,
   *     so that only the cost is left to report
   */
  private Future<RecoveryResult> recover(
      HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries, RecoveryStrategy strategy, boolean settled) {
    LogEntry first = entries.get(0);
    if (settled) {
      List<LogEntry> others = entries.subList(1, entries.size());
      return reportCosts(heartbeat, issue, first).compose(reported -> first.delete())
          .compose(deleted -> others.isEmpty()
              ? Future.succeededFuture(new RecoveryResult.Settled("the server had its result already"))
              : recover(heartbeat, issue, others, strategy));
    }
    if (first.outcome().isPresent() && isReply(first.outcome().get())) {
      return mention.deliver(heartbeat, issue, first, first.outcome().get()).map(new RecoveryResult.Settled("replied"));
    }
    boolean assigned = issue.isAssignedTo(heartbeat.self().id());
    if (!assigned && issue.status().equals(IssueStatus.IN_PROGRESS) && issue.awaitsReconciliation()) {
      // its new assignee is never woken for it, and once it is given back nobody else could settle it
      return LogEntry.releaseAll(entries).map(new RecoveryResult.Pending(
          "another agent has it, and the server starts no run for it before the board has resolved its notice"));
    }
    if (!assigned || isAtRest(issue, first)) {
      return commentResult(heartbeat, issue, first)
          .compose(commented -> reportCosts(heartbeat, issue, first))
          .compose(reported -> LogEntry.deleteAll(entries))
          .map(new RecoveryResult.Settled("it is at rest; its status is left alone"));
    }
    return strategy.recover(heartbeat, issue, entries);
  }

  /** The strategy of a live run: it checks the issue out. */
  Future<RecoveryResult> byCheckout(HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries) {
    return checkoutStep.checkOut(heartbeat, new ClaimedEntries(entries), issue.id(), issue.label())
        .compose(checkedOut -> checkedOut.isPresent()
            ? settler.resume(heartbeat, checkedOut.get(), entries.get(0))
                .map(settlement -> new RecoveryResult.Settled(settlement.summary()))
            : LogEntry.releaseAll(entries).map(new RecoveryResult.Pending("it can't be checked out now")));
  }

  private static boolean isReply(WorkOutcome outcome) {
    return outcome instanceof WorkOutcome.Returned returned
        && (returned.result() instanceof WorkResult.Reply || returned.result() instanceof WorkResult.Nothing);
  }

  /**
   * Whether the issue has its next step without this agent: it is closed or put off, waits for other issues, or its
   * work had not started. Parked work has nobody else. A crash leaves it in progress or, a little later, blocked without a blocker.
   */
  private static boolean isAtRest(Issue issue, LogEntry entry) {
    IssueStatus status = issue.status();
    if (status.equals(IssueStatus.IN_PROGRESS)) {
      return false;
    }
    if (status.equals(IssueStatus.BLOCKED) || issue.hasOpenBlockers()) {
      return issue.hasOpenBlockers();
    }
    boolean workable = status.equals(IssueStatus.TODO) || status.equals(IssueStatus.IN_REVIEW);
    boolean parked = status.equals(IssueStatus.IN_REVIEW) && entry.isConfirmed(LogEntry.PARKED);
    return !workable || (entry.outcome().isEmpty() && !parked);
  }

  private Future<Void> reportCosts(HeartbeatContext heartbeat, Issue issue, LogEntry entry) {
    return entry.outcome()
        .map(outcome -> costs.report(heartbeat, entry, issue, outcome.usage()).<Void>mapEmpty())
        .orElseGet(Future::succeededFuture);
  }

  /** Somebody else has decided on the issue: its status is left alone, and the result goes there as a comment. */
  private static Future<Void> commentResult(HeartbeatContext heartbeat, Issue issue, LogEntry entry) {
    if (!(entry.outcome().orElse(null) instanceof WorkOutcome.Returned(WorkResult result, var usage))) {
      return Future.succeededFuture();
    }
    return IdempotentComment.post(heartbeat, entry, heartbeat.run().commentOnly(issue.id())::comment,
        "From an earlier run that could not report; the status is left alone. What I have:\n\n"
            + StatusUpdateStep.commentOf(result))
        .onSuccess(posted -> heartbeat.emit(
            Step.UPDATE_STATUS, Kind.DONE, issue.label(), "commented the result of an earlier run"))
        .mapEmpty();
  }
}
