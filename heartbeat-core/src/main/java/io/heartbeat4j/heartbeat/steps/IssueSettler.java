package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.AuthorMismatch;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.PermanentFailure;
import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Comment;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Brings a checked-out issue from the outcome of its work to its one disposition: the outcome goes into the write-ahead
 * log, then come the subtasks (step 9) and the status with its comment (step 8). Used by the heartbeat and by recovery,
 * so that what was decided before a crash is written by the same code after it.
 */
public final class IssueSettler {

  private final DelegateStep delegateStep;
  private final StatusUpdateStep statusUpdateStep;
  private final EscalationPolicy policy;
  private final OutageRetry outageRetry;
  private final DelegationGuard delegationGuard;

  @Inject
  IssueSettler(DelegateStep delegateStep, StatusUpdateStep statusUpdateStep, EscalationPolicy policy,
      OutageRetry outageRetry, DelegationGuard delegationGuard) {
    this.delegationGuard = delegationGuard;
    this.delegateStep = delegateStep;
    this.statusUpdateStep = statusUpdateStep;
    this.policy = policy;
    this.outageRetry = outageRetry;
  }

  /** Records the outcome and writes what follows from it. From here on no work is repeated for it, whatever happens. */
  public Future<Settlement> settle(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkOutcome outcome) {
    return checkedOut.entry().recordOutcome(outcome)
        .compose(recorded -> ParkedWork.requireWritable(heartbeat, checkedOut))
        .compose(writable -> write(heartbeat, checkedOut, outcome));
  }

  /** Leaves the issue in the disposition that it gets instead of work. */
  public Future<Settlement> settleWithoutWork(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      NextAction.SkipWork skip) {
    heartbeat.emit(Step.DO_THE_WORK, Kind.SKIPPED, checkedOut.issue().label(), skip.reason());
    return settle(heartbeat, checkedOut, new WorkOutcome.Skipped(skip.disposition()));
  }

  /** Writes a held result that somebody has accepted, once, as if the worker had returned it now. */
  public Future<Settlement> settleAccepted(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      WorkOutcome.Held held) {
    heartbeat.emit(Step.DO_THE_WORK, Kind.SKIPPED, checkedOut.issue().label(),
        "somebody has accepted the subtasks of an earlier result");
    WorkOutcome accepted = new WorkOutcome.Returned(held.result(), List.of());
    return delegationGuard.recordAccepted(heartbeat, checkedOut, held)
        .compose(counted -> checkedOut.entry().recordOutcome(accepted))
        .compose(recorded -> heartbeat.log().held().discard(checkedOut.issue().id()))
        .compose(discarded -> write(heartbeat, checkedOut, accepted));
  }

  /**
   * Repeated while the server is unreachable: nothing was sent then, and what the log has as confirmed is not sent
   * again.
   */
  private Future<Settlement> write(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkOutcome outcome) {
    return outageRetry.whileUnreachable(heartbeat, () -> switch (outcome) {
      case WorkOutcome.Returned(var result, var usage) ->
        delegateStep.create(heartbeat, checkedOut, result.delegations()) // Step 9: Delegate
            .map(subtasks -> statusUpdateStep.dispositionOf(heartbeat, checkedOut, result, subtasks))
            .recover(failure -> failure instanceof PermanentFailure && !endsTheRun(failure)
                ? Future.succeededFuture(statusUpdateStep.withoutDelegations(heartbeat, checkedOut, result, failure))
                : Future.failedFuture(failure))
            .compose(disposition -> statusUpdateStep.settle(heartbeat, checkedOut, disposition, usage)); // Step 8: Update Status
      case WorkOutcome.Held held -> heartbeat.log().held().put(checkedOut.issue().id(), held)
          .compose(kept -> statusUpdateStep.settle(heartbeat, checkedOut, held.ask(), held.usage()));
      case WorkOutcome.Failed(var failure, var usage) -> statusUpdateStep.settle(
          heartbeat, checkedOut, policy.onFailure(failure, heartbeat.self(), checkedOut.issue()), usage);
      case WorkOutcome.Skipped(var disposition) ->
        statusUpdateStep.settle(heartbeat, checkedOut, disposition, List.of());
    });
  }

  /**
   * Writes what the log entry of an interrupted run says: its outcome, or that its work was interrupted. No work is
   * done.
   */
  public Future<Settlement> resume(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, LogEntry earlier) {
    CheckedOutIssue resumed = new CheckedOutIssue(
        checkedOut.lease(), earlier, checkedOut.earlierEntries().stream().filter(entry -> entry != earlier).toList());
    Optional<WorkOutcome> outcome = earlier.outcome();
    heartbeat.emit(Step.DO_THE_WORK, Kind.SKIPPED, checkedOut.issue().label(), outcome.isPresent()
        ? "done by an earlier run, whose result is written now"
        : "an earlier run was interrupted; its work is not repeated");
    // this run's own entry says no more than that it has checked out; after another crash it would count as interrupted
    // too
    return (checkedOut.entry() == earlier ? Future.<Void>succeededFuture() : checkedOut.entry().delete())
        .compose(deleted -> outcome.isPresent()
            ? write(heartbeat, resumed, outcome.get())
            : settle(heartbeat, resumed, new WorkOutcome.Failed(interrupted(earlier), List.of())));
  }

  private static WorkFailure interrupted(LogEntry earlier) {
    return new WorkFailure(WorkFailure.Kind.CUT_OFF, earlier.mayHaveSent(LogEntry.WORK)
        ? "The process of an earlier run (started at " + earlier.startedAt()
            + ") ended during the work: part of it may be"
            + " done, and its result is lost."
        : "The process of an earlier run (started at " + earlier.startedAt() + ") ended before the work had begun.");
  }

  /**
   * Settles an issue whose heartbeat failed on the way: the context could not be read, or a step has a bug. A failure
   * that the status update has given up on, or after which nothing can be written, stays a failure; the log keeps the
   * outcome, for the next heartbeat to claim.
   */
  public Future<Settlement> settleFailed(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Throwable failure) {
    boolean over = failure instanceof HeartbeatException || failure instanceof TransientFailure || endsTheRun(failure);
    return (over ? Future.<Settlement>failedFuture(failure) : settleRefused(heartbeat, checkedOut, failure))
        .recover(left -> checkedOut.entry().release().compose(released -> Future.failedFuture(left)));
  }

  private Future<Settlement> settleRefused(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Throwable failure) {
    String message = failure instanceof PaperclipException
        ? String.valueOf(failure.getMessage())
        : "an error in heartbeat4j itself: " + failure;
    return settle(heartbeat, checkedOut, new WorkOutcome.Failed(
        new WorkFailure(WorkFailure.Kind.REFUSED, message), List.of()));
  }

  /** Whether the token can write nothing more. */
  private static boolean endsTheRun(Throwable failure) {
    return failure instanceof Unauthorized || failure instanceof AuthorMismatch;
  }

  /**
   * Comments the results of interrupted runs that somebody's comment has overtaken: the work starts anew, and their
   * text is not lost.
   */
  public Future<Void> commentOvertaken(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, List<Comment> thread) {
    return Sequentially.map(checkedOut.earlierEntries(),
        earlier -> resultText(earlier).filter(text -> !earlier.isCommentInThread(thread))
            .map(text -> IdempotentComment.post(heartbeat, earlier, checkedOut.lease()::comment,
                "From an earlier run that could not report:\n\n" + text))
            .<Future<Void>>map(Future::mapEmpty)
            .orElseGet(Future::succeededFuture)
            .compose(posted -> earlier.outcome().orElse(null) instanceof WorkOutcome.Held
                ? heartbeat.log().held().discard(checkedOut.issue().id()) // told now: a later yes would tell it again
                : Future.succeededFuture())
            .compose(posted -> earlier.delete()))
        .mapEmpty();
  }

  private static Optional<String> resultText(LogEntry earlier) {
    return earlier.outcome().flatMap(outcome -> switch (outcome) {
      case WorkOutcome.Returned(var result, var usage) -> Optional.of(StatusUpdateStep.commentOf(result));
      case WorkOutcome.Held held -> Optional.of(StatusUpdateStep.commentOf(held.result()));
      case WorkOutcome.Failed failed -> Optional.empty();
      case WorkOutcome.Skipped skipped -> Optional.empty();
    });
  }
}
