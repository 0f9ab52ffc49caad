package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.PermanentFailure;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueStatus;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;

/**
 * Step 3: the agent's assignments. The small inbox suffices: it knows blockers, runs and routine work; what it lacks,
 * issues in review, is only ever taken up when a wake names it. A server without it is asked for the list.
 */
public final class InboxStep {

  private static final List<IssueStatus> OPEN = List.of(IssueStatus.TODO, IssueStatus.IN_PROGRESS,
      IssueStatus.IN_REVIEW, IssueStatus.BLOCKED);

  @Inject
  public InboxStep() {}

  public Future<List<InboxItem>> assignments(HeartbeatContext heartbeat) {
    return heartbeat.session().inbox()
        .recover(failure -> failure instanceof PermanentFailure permanentFailure && permanentFailure.status() == 404
            ? heartbeat.session().assignedIssues(heartbeat.self().companyId(), heartbeat.self().id(), OPEN)
            : Future.failedFuture(failure))
        .onSuccess(items -> heartbeat.emit(
            Step.GET_ASSIGNMENTS, items.isEmpty() ? Kind.SKIPPED : Kind.DONE, items.size() + " assigned issue(s)"));
  }
}
