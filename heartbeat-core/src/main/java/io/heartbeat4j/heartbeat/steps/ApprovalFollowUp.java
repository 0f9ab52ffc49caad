package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.WakeAnswer;
import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.policy.ApprovalPolicy.Verdict;
import io.heartbeat4j.heartbeat.policy.ApprovalPolicy;
import io.heartbeat4j.heartbeat.state.IssueMemory;
import io.heartbeat4j.heartbeat.state.Remembered;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.SelfWake;
import io.heartbeat4j.worker.Trigger;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Step 2: what an approval's decision means for the issues that are linked to it. Own issues are taken through the
 * Checkout step like any other; others' get one comment. What is too much for one run is left to the next, which is asked
 * for here (see {@link ApprovalShare}).
 */
public final class ApprovalFollowUp {

  private final ApprovalPolicy policy;

  @Inject
  public ApprovalFollowUp(ApprovalPolicy policy) {
    this.policy = policy;
  }

  /** What is to be done with the linked issues, in the server's order. */
  public sealed interface FollowUp {

    /** Take the issue and leave it in this state. */
    record Settle(Issue issue, Disposition disposition) implements FollowUp {}

    /** Take the issue and work it with the decision as the trigger. */
    record WorkOn(Issue issue, Trigger.Decided trigger) implements FollowUp {}
  }

  /** Reads the approval that woke the agent, comments on others' linked issues, and says what to do with its own. */
  public Future<List<FollowUp>> read(Beat beat) {
    return ApprovalShare.Asked.by(beat.wake().facts())
        .map(asked -> read(beat, asked))
        .orElseGet(() -> Future.succeededFuture(List.of()));
  }

  private Future<List<FollowUp>> read(Beat beat, ApprovalShare.Asked asked) {
    Future<Approval> approval = beat.session().approval(asked.approval());
    Future<List<Issue>> linked = beat.session().approvalIssues(asked.approval());
    return Future.all(approval, linked).compose(both -> {
      ApprovalShare share = ApprovalShare.of(linked.result(), beat.self().id(), asked);
      beat.tell(Step.APPROVAL_FOLLOW_UP, Kind.DONE, "\"" + approval.result().title() + "\" is "
          + approval.result().status() + "; " + linked.result().size() + " linked issue(s), in this run "
          + share.own().size() + " own and " + share.others().size() + " of others"
          + (share.untold() == 0 ? "" : "; no room to tell " + share.untold() + " of others"));
      return askForTheRest(beat, asked, share)
          .compose(told -> follow(beat, approval.result(), share));
    });
  }

  /** Before the work, which may take long or end badly. A refusal leaves the rest to the server's next wake. */
  private static Future<Void> askForTheRest(Beat beat, ApprovalShare.Asked asked, ApprovalShare share) {
    if (share.next().isEmpty()) {
      return Future.succeededFuture();
    }
    Issue next = share.next().get();
    return beat.session().wakeSelf(beat.self().id(), SelfWake.on(next.id(), asked.reasonToGoOn()))
        .onSuccess(answer -> {
          switch (answer) {
            case WakeAnswer.Started started -> beat.tell(
                Step.APPROVAL_FOLLOW_UP, Kind.DONE, next.label(), "and what comes after it: asked for a run of its own");
            case WakeAnswer.Skipped skipped -> beat.tell(
                Step.APPROVAL_FOLLOW_UP, Kind.REFUSED, next.label(), "the server starts no run: " + skipped.reason());
          }
        })
        .<Void>mapEmpty()
        .recover(failure -> tellRefused(beat, next, failure));
  }

  private Future<List<FollowUp>> follow(Beat beat, Approval approval, ApprovalShare share) {
    Future<List<FollowUp>> all = Future.succeededFuture(new ArrayList<>());
    for (Issue issue : share.others()) {
      all = all.compose(list -> policy.onOthersIssue(approval, issue)
          .map(words -> comment(beat, approval, issue, words))
          .orElseGet(Future::succeededFuture)
          .map(list));
    }
    for (Issue issue : share.own()) {
      all = all.compose(list -> beat.recall(issue.id()).map(IssueMemory::disposition).map(last -> {
        decide(beat, approval, issue, last).ifPresent(list::add);
        return list;
      }));
    }
    return all;
  }

  private Optional<FollowUp> decide(Beat beat, Approval approval, Issue issue, Optional<Remembered> last) {
    return switch (policy.onOwnIssue(approval, issue, last)) {
      case Verdict.Settle(Disposition disposition) -> Optional.of(new FollowUp.Settle(issue, disposition));
      case Verdict.WorkOn() -> Optional.of(new FollowUp.WorkOn(issue, new Trigger.Decided(approval)));
      case Verdict.Leave(String why) -> {
        beat.tell(Step.APPROVAL_FOLLOW_UP, Kind.SKIPPED, issue.label(), "left alone: " + why);
        yield Optional.empty();
      }
    };
  }

  /** The comment's id is made of approval, decision and issue, so that the same decision is told once. */
  private static Future<Void> comment(Beat beat, Approval approval, Issue issue, String words) {
    UUID once = UUID.nameUUIDFromBytes(
        (approval.id() + "/" + approval.status() + "/" + issue.id()).getBytes(StandardCharsets.UTF_8));
    return beat.run().foreign(issue.id()).comment(new NewComment(words, once))
        .onSuccess(comment -> beat.tell(Step.APPROVAL_FOLLOW_UP, Kind.DONE, issue.label(), "told its assignee"))
        .<Void>mapEmpty()
        .recover(failure -> tellRefused(beat, issue, failure));
  }

  private static Future<Void> tellRefused(Beat beat, Issue issue, Throwable failure) {
    if (!(failure instanceof PaperclipException)) {
      return Future.failedFuture(failure);
    }
    beat.tell(Step.APPROVAL_FOLLOW_UP, Kind.REFUSED, issue.label(), String.valueOf(failure.getMessage()));
    return Future.succeededFuture();
  }
}
