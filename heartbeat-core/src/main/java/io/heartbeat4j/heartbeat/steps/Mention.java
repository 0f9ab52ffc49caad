package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Briefing;
import io.heartbeat4j.heartbeat.Outcome.Settlement;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.Worked;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

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

  /** Asks the worker for a reply and posts it; nothing is also an answer, and so is a worker that fails. */
  public Future<Optional<Settlement>> answer(Beat beat, Briefing briefing) {
    Issue issue = briefing.issue();
    return work.answer(beat, briefing)
        .compose(worked -> reply(beat, issue, worked)
            .compose(settlement -> costs.report(beat, issue, worked.usage()).map(settlement)));
  }

  private Future<Optional<Settlement>> reply(Beat beat, Issue issue, Worked worked) {
    if (!(worked instanceof Worked.Returned returned && returned.result() instanceof WorkResult.Reply reply)) {
      beat.tell(Step.UPDATE_STATUS, Kind.SKIPPED, issue.label(), "nothing said");
      return Future.succeededFuture(Optional.empty());
    }
    UUID once = UUID.nameUUIDFromBytes((beat.run().run() + "/" + issue.id()).getBytes(StandardCharsets.UTF_8));
    return beat.run().foreign(issue.id()).comment(new NewComment(redactor.redact(reply.text()), once))
        .map(comment -> {
          beat.tell(Step.UPDATE_STATUS, Kind.DONE, issue.label(), "replied");
          return Optional.of(new Settlement.Commented(issue.id(), issue.label()));
        });
  }
}
