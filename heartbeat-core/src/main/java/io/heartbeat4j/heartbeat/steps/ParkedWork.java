package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.work.Detachment;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Work that goes on after its run has ended, because the caller could not wait: while it does, the issue is in review
 * with a monitor, which wakes the agent should the process die. The server takes what the ended run then writes to the
 * idle issue; where the issue is not idle any more, another run has to deliver (contract section 7).
 */
public final class ParkedWork {

  /** Longer than any work: until then nobody has to look at the issue. */
  private static final Duration UNLIMITED = Duration.ofDays(1);

  private static final Duration SETTLING = Duration.ofMinutes(10);

  private final StatusUpdateStep statusUpdateStep;

  @Inject
  public ParkedWork(StatusUpdateStep statusUpdateStep) {
    this.statusUpdateStep = statusUpdateStep;
  }

  /** Does the work; the caller may be let go until it has ended. */
  public Future<WorkOutcome> detachable(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      Supplier<Future<WorkOutcome>> work) {
    Detachment detachment = heartbeat.setup().detachment();
    detachment.begin(() -> Future.future(
        promise -> heartbeat.scheduler().execute(() -> park(heartbeat, checkedOut).onComplete(promise))));
    return work.get().eventually(detachment::end);
  }

  private Future<Void> park(HeartbeatContext heartbeat, CheckedOutIssue checkedOut) {
    Duration total = heartbeat.setup().limits().total();
    Instant until = heartbeat.clock().instant().plus(total.isZero() ? UNLIMITED : total.plus(SETTLING));
    return statusUpdateStep.park(heartbeat, checkedOut, new Disposition.ReviewAt(
        "The work goes on, and takes longer than this run can last. The result will be written here; nobody has to do"
            + " anything.",
        until))
        .compose(parked -> checkedOut.entry().recordConfirmed(LogEntry.PARKED))
        .onSuccess(parked -> heartbeat.emit(Step.DO_THE_WORK, Kind.PROGRESS, checkedOut.issue().label(),
            "the run ends, and the work goes on"));
  }

  /** Fails where a parked issue can't be written by this run any more: the log keeps the outcome for another one. */
  static Future<Void> requireWritable(HeartbeatContext heartbeat, CheckedOutIssue checkedOut) {
    return checkedOut.entry().isConfirmed(LogEntry.PARKED)
        && checkedOut.entry().run().equals(heartbeat.run().run()) // else another run has checked it out
            ? Future.all(heartbeat.session().issue(checkedOut.issue().id()),
                heartbeat.session().comments(checkedOut.issue().id()))
                .compose(now -> isIdle(heartbeat, now.resultAt(0)) && !hasNews(now.resultAt(1), checkedOut.entry())
                    ? Future.succeededFuture()
                    : Future.failedFuture(new HeartbeatException(HeartbeatException.Kind.NOT_SETTLED,
                        checkedOut.issue().label() + " has changed while the work went on; another run looks at it")))
            : Future.succeededFuture();
  }

  private static boolean isIdle(HeartbeatContext heartbeat, Issue issue) {
    return issue.isAssignedTo(heartbeat.self().id()) && issue.status().equals(IssueStatus.IN_REVIEW);
  }

  private static boolean hasNews(List<Comment> thread, LogEntry entry) {
    return thread.stream().anyMatch(comment -> comment.isByPerson() && comment.createdAt() != null
        && comment.createdAt().isAfter(entry.startedAt()));
  }
}
