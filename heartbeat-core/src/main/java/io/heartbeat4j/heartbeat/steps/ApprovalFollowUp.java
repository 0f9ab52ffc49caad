package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.policy.ApprovalPolicy.Verdict;
import io.heartbeat4j.heartbeat.policy.ApprovalPolicy;
import io.heartbeat4j.heartbeat.state.Remembered;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.NewComment;
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
 * Checkout step like any other; others' get one comment.
 */
public final class ApprovalFollowUp {

  /** How many linked issues are followed up in one run: the server caps cross-issue writes at 20, a comment with a status counts two. */
  static final int MOST_A_RUN = 10;

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
    ApprovalId id = beat.wake().facts().approval();
    if (id == null) {
      return Future.succeededFuture(List.of());
    }
    Future<Approval> approval = beat.session().approval(id);
    Future<List<Issue>> linked = beat.session().approvalIssues(id);
    return Future.all(approval, linked).compose(both -> {
      List<Issue> issues = linked.result().subList(0, Math.min(MOST_A_RUN, linked.result().size()));
      beat.tell(Step.APPROVAL_FOLLOW_UP, Kind.DONE, "\"" + approval.result().title() + "\" is "
          + approval.result().status() + "; " + linked.result().size() + " linked issue(s)"
          + (issues.size() < linked.result().size() ? ", " + MOST_A_RUN + " in this run" : ""));
      Future<List<FollowUp>> all = Future.succeededFuture(new ArrayList<>());
      for (Issue issue : issues) {
        all = all.compose(list -> follow(beat, approval.result(), issue).map(next -> {
          next.ifPresent(list::add);
          return list;
        }));
      }
      return all;
    });
  }

  private Future<Optional<FollowUp>> follow(Beat beat, Approval approval, Issue issue) {
    if (!issue.isAssignedTo(beat.self().id())) {
      return policy.onOthersIssue(approval, issue)
          .map(words -> comment(beat, approval, issue, words))
          .orElseGet(Future::succeededFuture)
          .map(done -> Optional.empty());
    }
    return beat.offLoop(() -> beat.setup().memory().recall(issue.id()).disposition())
        .map(last -> decide(beat, approval, issue, last));
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
        .recover(refused -> {
          if (!(refused instanceof PaperclipException)) {
            return Future.failedFuture(refused);
          }
          beat.tell(Step.APPROVAL_FOLLOW_UP, Kind.REFUSED, issue.label(), String.valueOf(refused.getMessage()));
          return Future.succeededFuture();
        });
  }
}
