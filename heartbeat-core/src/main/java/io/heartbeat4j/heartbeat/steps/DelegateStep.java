package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.IssueCreationResult;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewIssue;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Delegation;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Step 9, done before the status is written, so that the status can name the subtasks and never claims one that failed.
 * Each has the issue as its parent and the issue's goal, and a key under which a repeat makes nothing new.
 */
public final class DelegateStep {

  private final Redactor redactor;

  @Inject
  public DelegateStep(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Creates the subtasks in their order. A failure leaves the earlier ones standing and fails. */
  public Future<List<Issue>> create(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      List<Delegation> delegations) {
    return Sequentially.map(IntStream.range(0, delegations.size()).boxed().toList(),
        i -> create(heartbeat, checkedOut, delegations.get(i), checkedOut.key("subtask:" + i))
            .map(IssueCreationResult::issue));
  }

  /**
   * A task for the manager. Its key is the issue and the title, not the run: a second request of the same kind answers
   * with the first one's task, open or done.
   */
  Future<IssueCreationResult> createForManager(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, AgentId manager,
      String title, String request) {
    String key = "heartbeat4j:" + checkedOut.issue().id() + ":manager:" + Integer.toHexString(title.hashCode());
    return create(heartbeat, checkedOut, Delegation.to(manager, title, request), key);
  }

  private Future<IssueCreationResult> create(
      HeartbeatContext heartbeat,
      CheckedOutIssue checkedOut,
      Delegation delegation,
      String key) {
    Issue parent = checkedOut.issue();
    NewIssue child = new NewIssue(
        redactor.redact(delegation.title()),
        delegation.description().map(redactor::redact).orElse(null),
        parent.id(),
        parent.goalId(),
        parent.projectId(),
        delegation.assignee().orElse(null),
        null,
        delegation.priority().orElse(parent.priority()),
        List.of(),
        key,
        null);
    return checkedOut.lease().createSubtask(heartbeat.self().companyId(), child)
        .compose(created -> created.matchesRequest(child, heartbeat.self().id())
            ? Future.succeededFuture(created)
            : besideItsNamesake(heartbeat, checkedOut, child, created.issue()))
        .onSuccess(created -> heartbeat.emit(Step.DELEGATE, created.deduplicated() ? Kind.SKIPPED : Kind.DONE,
            parent.label(), created.issue().label() + " " + created.issue().title()
                + (created.deduplicated() ? " (it existed: " + created.deduplicationReason().orElse("same") + ")"
                    : "")));
  }

  /** The server took somebody else's open issue of the same title for it (contract section 5). */
  private static Future<IssueCreationResult> besideItsNamesake(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      NewIssue child, Issue namesake) {
    heartbeat.emit(Step.DELEGATE, Kind.REFUSED, checkedOut.issue().label(),
        namesake.label() + " has the same title and is not ours; one of our own is made");
    return checkedOut.lease().createSubtask(heartbeat.self().companyId(), child.allowingDuplicate())
        .compose(created -> created.matchesRequest(child, heartbeat.self().id())
            ? Future.succeededFuture(created)
            : Future.failedFuture(new HeartbeatException(HeartbeatException.Kind.SERVER,
                "the server answers with " + created.issue().label()
                    + ", which is not the subtask that was asked for")));
  }
}
