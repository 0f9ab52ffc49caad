package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Briefing;
import io.heartbeat4j.heartbeat.Outcome.Settlement;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.Worked;
import io.heartbeat4j.heartbeat.journal.Decision;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * A mention on somebody else's issue: the worker reads the thread and may say one thing. What the comment says never
 * decides whose the issue is; its assignee does.
 */
public final class Mention {

  private final Work work;
  private final CostReport costs;
  private final Redactor redactor;

  @Inject
  public Mention(Work work, CostReport costs, Redactor redactor) {
    this.work = work;
    this.costs = costs;
    this.redactor = redactor;
  }

  /** Whether a mention makes the issue the agent's work: it is open, and the agent's own or nobody's. */
  public boolean isOurs(Beat beat, Issue issue) {
    return !issue.status().isClosed() && (issue.isAssignedTo(beat.self().id()) || issue.isUnassigned());
  }

  /**
   * Asks the worker for a reply and posts it; nothing is also an answer, and so is a worker that fails. The reply is in the
   * journal before it is sent, so that a crash costs no second one.
   */
  public Future<Optional<Settlement>> answer(Beat beat, Briefing briefing) {
    Issue issue = briefing.issue();
    return beat.journal().begin(beat.run().run(), issue.id(), issue.label())
        .compose(entry -> work.answer(beat, briefing)
            .compose(worked -> entry.decided(new Decision.ByWork(worked))
                .compose(noted -> deliver(beat, issue, entry, worked))));
  }

  /** Posts what the worker said, in this run or in an earlier one. */
  public Future<Optional<Settlement>> deliver(Beat beat, Issue issue, Entry entry, Worked worked) {
    return reply(beat, issue, entry, worked)
        .compose(settlement -> costs.report(beat, entry, issue, worked.usage())
            .compose(complete -> complete ? entry.clear() : entry.close())
            .map(settlement));
  }

  private Future<Optional<Settlement>> reply(Beat beat, Issue issue, Entry entry, Worked worked) {
    if (!(worked instanceof Worked.Returned returned && returned.result() instanceof WorkResult.Reply reply)) {
      beat.tell(Step.UPDATE_STATUS, Kind.SKIPPED, issue.label(), "nothing said");
      return Future.succeededFuture(Optional.empty());
    }
    return Tell.once(beat, entry, beat.run().foreign(issue.id())::comment, redactor.redact(reply.text()))
        .map(comment -> {
          beat.tell(Step.UPDATE_STATUS, Kind.DONE, issue.label(), "replied");
          return Optional.of(new Settlement.Commented(issue.id(), issue.label()));
        });
  }
}
