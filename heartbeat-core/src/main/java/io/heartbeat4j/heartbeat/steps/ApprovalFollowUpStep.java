package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.SelfWakeResult;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.policy.ApprovalPolicy;
import io.heartbeat4j.heartbeat.policy.ApprovalPolicy.Verdict;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.heartbeat4j.heartbeat.work.WorkerViewMapper;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Step 2: what an approval's decision means for the issues that are linked to it. Own issues are taken through the
 * Checkout step like any other; others' get one comment. What is too much for one run is left to the next, which is
 * asked for here (see {@link ApprovalBatch}).
 */
public final class ApprovalFollowUpStep {

  private final ApprovalPolicy policy;

  @Inject
  public ApprovalFollowUpStep(ApprovalPolicy policy) {
    this.policy = policy;
  }

  /** Reads the approval that woke the agent, comments on others' linked issues, and says what to do with its own. */
  public Future<List<Candidate>> read(HeartbeatContext heartbeat) {
    return ApprovalBatch.ApprovalWake.of(heartbeat.wake().facts())
        .map(asked -> read(heartbeat, asked))
        .orElseGet(() -> Future.succeededFuture(List.of()));
  }

  private Future<List<Candidate>> read(HeartbeatContext heartbeat, ApprovalBatch.ApprovalWake asked) {
    Future<Approval> approval = heartbeat.session().approval(asked.approval());
    Future<List<Issue>> linked = heartbeat.session().approvalIssues(asked.approval());
    return Future.all(approval, linked).compose(both -> {
      ApprovalBatch share = ApprovalBatch.of(linked.result(), heartbeat.self().id(), asked);
      heartbeat.emit(Step.APPROVAL_FOLLOW_UP, Kind.DONE, "\"" + approval.result().title() + "\" is "
          + approval.result().status() + "; " + linked.result().size() + " linked issue(s), in this run "
          + share.own().size() + " own and " + share.others().size() + " of others"
          + (share.uncommented() == 0 ? "" : "; no room to tell " + share.uncommented() + " of others"));
      return askForTheRest(heartbeat, asked, share)
          .compose(told -> follow(heartbeat, approval.result(), share));
    });
  }

  /** Before the work, which may take long or end badly. A refusal leaves the rest to the server's next wake. */
  private static Future<Void> askForTheRest(HeartbeatContext heartbeat, ApprovalBatch.ApprovalWake asked,
      ApprovalBatch share) {
    if (share.next().isEmpty()) {
      return Future.succeededFuture();
    }
    Issue next = share.next().get();
    return heartbeat.session()
        .wakeSelf(heartbeat.self().id(), SelfWakeRequest.now(next.id(), asked.continuationReason()))
        .onSuccess(answer -> {
          switch (answer) {
            case SelfWakeResult.Started started -> heartbeat.emit(
                Step.APPROVAL_FOLLOW_UP, Kind.DONE, next.label(),
                "and what comes after it: asked for a run of its own");
            case SelfWakeResult.Skipped skipped -> heartbeat.emit(
                Step.APPROVAL_FOLLOW_UP, Kind.REFUSED, next.label(), "the server starts no run: " + skipped.reason());
          }
        })
        .<Void>mapEmpty()
        .recover(failure -> tellRefused(heartbeat, next, failure));
  }

  private Future<List<Candidate>> follow(HeartbeatContext heartbeat, Approval approval, ApprovalBatch share) {
    return Sequentially.map(share.others(), issue -> policy.onForeignIssue(approval, issue)
        .map(words -> comment(heartbeat, approval, issue, words))
        .orElseGet(Future::succeededFuture))
        .compose(commented -> Sequentially.mapPresent(share.own(), issue -> heartbeat.memory().get(issue.id())
            .map(memory -> decide(heartbeat, approval, issue, memory.disposition()))));
  }

  private Optional<Candidate> decide(HeartbeatContext heartbeat, Approval approval, Issue issue,
      Optional<LastDisposition> last) {
    return switch (policy.onOwnIssue(approval, issue, last)) {
      case Verdict.Settle(Disposition disposition) -> Optional.of(Candidate.toSettle(issue, disposition));
      case Verdict.WorkOn() -> Optional.of(Candidate.toWork(issue, WorkerViewMapper.decision(approval)));
      case Verdict.Leave(String why) -> {
        heartbeat.emit(Step.APPROVAL_FOLLOW_UP, Kind.SKIPPED, issue.label(), "left alone: " + why);
        yield Optional.empty();
      }
    };
  }

  /** The comment's id is made of approval, decision and issue, so that the same decision is told once. */
  private static Future<Void> comment(HeartbeatContext heartbeat, Approval approval, Issue issue, String words) {
    UUID once = UUID.nameUUIDFromBytes(
        (approval.id() + "/" + approval.status() + "/" + issue.id()).getBytes(StandardCharsets.UTF_8));
    return heartbeat.run().commentOnly(issue.id()).comment(new NewComment(words, once))
        .onSuccess(comment -> heartbeat.emit(Step.APPROVAL_FOLLOW_UP, Kind.DONE, issue.label(), "told its assignee"))
        .<Void>mapEmpty()
        .recover(failure -> tellRefused(heartbeat, issue, failure));
  }

  private static Future<Void> tellRefused(HeartbeatContext heartbeat, Issue issue, Throwable failure) {
    if (!(failure instanceof PaperclipException)) {
      return Future.failedFuture(failure);
    }
    heartbeat.emit(Step.APPROVAL_FOLLOW_UP, Kind.REFUSED, issue.label(), String.valueOf(failure.getMessage()));
    return Future.succeededFuture();
  }
}
