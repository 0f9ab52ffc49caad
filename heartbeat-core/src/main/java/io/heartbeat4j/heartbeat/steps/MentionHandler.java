package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.work.WorkItem;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;

/**
 * A mention on another agent's issue: the worker reads the thread and may post one comment. The assignee decides whose
 * issue it is, never the text of the comment.
 */
public final class MentionHandler {

  private final WorkStep workStep;
  private final CostReporter costs;
  private final Redactor redactor;

  @Inject
  public MentionHandler(WorkStep workStep, CostReporter costs, Redactor redactor) {
    this.workStep = workStep;
    this.costs = costs;
    this.redactor = redactor;
  }

  /** Whether a mention makes the issue the agent's work: it is open, and assigned to the agent or unassigned. */
  public boolean isOwnWork(HeartbeatContext heartbeat, Issue issue) {
    return !issue.status().isClosed() && (issue.isAssignedTo(heartbeat.self().id()) || issue.isUnassigned());
  }

  /**
   * Calls the worker for a reply and posts it; a worker that fails or has no reply posts nothing. The reply is in the
   * write-ahead log before it is sent, so that a crash causes no second one.
   */
  public Future<Settlement> answer(HeartbeatContext heartbeat, WorkItem item) {
    Issue issue = item.issue();
    return heartbeat.log().begin(heartbeat.run().run(), issue.id(), issue.label())
        .compose(entry -> workStep.answer(heartbeat, item)
            .compose(outcome -> entry.recordOutcome(outcome)
                .compose(noted -> deliver(heartbeat, issue, entry, outcome)))
            // a later heartbeat of this process can then claim it
            .recover(failure -> entry.release().compose(kept -> Future.failedFuture(failure))));
  }

  /** Posts what the worker said, in this run or in an earlier one. */
  public Future<Settlement> deliver(HeartbeatContext heartbeat, Issue issue, LogEntry entry, WorkOutcome outcome) {
    return reply(heartbeat, issue, entry, outcome)
        .compose(settlement -> costs.report(heartbeat, entry, issue, outcome.usage())
            .compose(complete -> complete ? entry.delete() : entry.release())
            .map(settlement));
  }

  private Future<Settlement> reply(HeartbeatContext heartbeat, Issue issue, LogEntry entry, WorkOutcome outcome) {
    if (!(outcome instanceof WorkOutcome.Returned returned && returned.result() instanceof WorkResult.Reply reply)) {
      heartbeat.emit(Step.UPDATE_STATUS, Kind.SKIPPED, issue.label(), "no reply");
      return Future.succeededFuture(new Settlement.Acknowledged(issue.id(), issue.label()));
    }
    return IdempotentComment
        .post(heartbeat, entry, heartbeat.run().commentOnly(issue.id())::comment, redactor.redact(reply.text()))
        .map(comment -> {
          heartbeat.emit(Step.UPDATE_STATUS, Kind.DONE, issue.label(), "replied");
          return new Settlement.Commented(issue.id(), issue.label());
        });
  }
}
