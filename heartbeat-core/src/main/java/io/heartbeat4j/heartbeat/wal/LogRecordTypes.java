package io.heartbeat4j.heartbeat.wal;

import static java.util.Map.entry;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.util.List;
import java.util.Map;

/**
 * The type ids of everything that a log record holds: the format on disk. An id never changes and never names another
 * form; a class may be renamed freely. A changed form gets a new id, and the old one stays readable (see the golden
 * file in the tests of {@link LogRecordJson}).
 */
final class LogRecordTypes {

  /** Every sealed type that a record can hold. */
  static final List<Class<?>> SEALED = List.of(
      LogRecord.class, WorkOutcome.class, Disposition.class, WorkResult.class, ReviewPath.class, UnblockCondition.class,
      Question.class);

  static final Map<Class<?>, String> IDS = Map.ofEntries(
      entry(LogRecord.CheckoutRequested.class, "record.checkout/1"),
      entry(LogRecord.OutcomeDecided.class, "record.outcome/1"),
      entry(LogRecord.Sending.class, "record.sending/1"),
      entry(LogRecord.NotSent.class, "record.not-sent/1"),
      entry(LogRecord.Confirmed.class, "record.confirmed/1"),
      entry(WorkOutcome.Returned.class, "outcome.returned/1"),
      entry(WorkOutcome.Failed.class, "outcome.failed/1"),
      entry(WorkOutcome.Held.class, "outcome.held/1"),
      entry(WorkOutcome.Skipped.class, "outcome.skipped/1"),
      entry(Disposition.Close.class, "disposition.close/1"),
      entry(Disposition.RequestChanges.class, "disposition.request-changes/1"),
      entry(Disposition.ReviewByCard.class, "disposition.review-by-card/1"),
      entry(Disposition.ReviewByBoard.class, "disposition.review-by-board/1"),
      entry(Disposition.ReviewByApproval.class, "disposition.review-by-approval/1"),
      entry(Disposition.ReviewAt.class, "disposition.review-at/1"),
      entry(Disposition.HandOver.class, "disposition.hand-over/1"),
      entry(Disposition.BlockedByIssues.class, "disposition.blocked-by-issues/1"),
      entry(Disposition.BlockedByManager.class, "disposition.blocked-by-manager/1"),
      entry(Disposition.BlockedByCard.class, "disposition.blocked-by-card/1"),
      entry(Disposition.BlockedBySelf.class, "disposition.blocked-by-self/1"),
      entry(Disposition.WithoutComment.class, "disposition.quiet/1"),
      entry(Disposition.Restore.class, "disposition.rest/1"),
      entry(WorkResult.Done.class, "result.done/1"),
      entry(WorkResult.ChangesRequested.class, "result.changes-requested/1"),
      entry(WorkResult.NeedsReview.class, "result.needs-review/1"),
      entry(WorkResult.Blocked.class, "result.blocked/1"),
      entry(WorkResult.Later.class, "result.later/1"),
      entry(WorkResult.Reply.class, "result.reply/1"),
      entry(WorkResult.Nothing.class, "result.nothing/1"),
      entry(ReviewPath.Card.class, "review.card/1"),
      entry(ReviewPath.BoardApproval.class, "review.board-approval/1"),
      entry(ReviewPath.PendingApproval.class, "review.pending-approval/1"),
      entry(ReviewPath.Person.class, "review.person/1"),
      entry(UnblockCondition.ByIssues.class, "unblock.by-issues/1"),
      entry(UnblockCondition.BySubtasks.class, "unblock.by-subtasks/1"),
      entry(UnblockCondition.ByQuestion.class, "unblock.by-question/1"),
      entry(UnblockCondition.ByManager.class, "unblock.by-manager/1"),
      entry(UnblockCondition.BySelf.class, "unblock.by-self/1"),
      entry(Question.Confirmation.class, "question.confirmation/1"),
      entry(Question.Choices.class, "question.choices/1"));

  private LogRecordTypes() {}
}
