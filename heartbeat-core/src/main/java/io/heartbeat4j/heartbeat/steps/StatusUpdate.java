package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.Rejected;
import io.heartbeat4j.client.ServerFault;
import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.client.UnexpectedAnswer;
import io.heartbeat4j.client.UpdatedIssue;
import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.HeartbeatException;
import io.heartbeat4j.heartbeat.Outcome.Settlement;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.WorkFailure;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.state.Remembered;
import io.heartbeat4j.heartbeat.state.Remembered.WaitsFor;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueUpdate;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.SelfWake;
import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Step 8: status and comment in one request, confirmed by the server's echo. What it costs comes after it, since a cost
 * can pause the agent; giving the issue away comes after everything, since it ends the run.
 *
 * <p>The update has no key on this server and a repeat would post its comment twice, so after an unclear answer the thread
 * is read before a second attempt, and there is no third (contract section 13). A 409 is never repeated: the issue is
 * somebody else's now, and what was found out goes there as a comment.
 */
public final class StatusUpdate {

  private final Paths paths;
  private final CostReport costs;
  private final EscalationPolicy policy;

  @Inject
  public StatusUpdate(Paths paths, CostReport costs, EscalationPolicy policy) {
    this.paths = paths;
    this.costs = costs;
    this.policy = policy;
  }

  /**
   * Leaves the held issue in the disposition. Where the server refuses it as it is meant, the issue is blocked and says
   * so, once.
   *
   * <p>Fails with a {@link HeartbeatException} only where the server could not be told.
   */
  public Future<Settlement> settle(Beat beat, IssueLease lease, Disposition disposition, List<Usage> usage) {
    return settle(beat, lease, disposition, usage, true);
  }

  private Future<Settlement> settle(
      Beat beat, IssueLease lease, Disposition disposition, List<Usage> usage, boolean mayFallBack) {
    return paths.lay(beat, lease, disposition)
        .compose(laid -> write(beat, lease, laid, usage))
        .recover(failure -> switch (failure) {
          case Conflict conflict -> lost(beat, lease, disposition, conflict.getMessage());
          case NotFound gone -> lost(beat, lease, null, "the issue is gone");
          case Unauthorized stopped -> Future.failedFuture(notSettled(lease, stopped));
          case Rejected refused when mayFallBack -> settle(
              beat, lease, instead(beat, lease.issue(), disposition, refused), usage, false);
          case Rejected refused -> Future.failedFuture(notSettled(lease, refused));
          case TransientFailure unclear -> Future.failedFuture(notSettled(lease, unclear));
          default -> Future.failedFuture(failure);
        });
  }

  /** What the result and the subtasks that were made for it mean for the issue. */
  public Disposition dispositionOf(Beat beat, IssueLease lease, WorkResult result, List<Issue> subtasks) {
    return DispositionOf.result(result, beat, lease.issue(), subtasks, policy);
  }

  /** What a result means whose subtasks could not all be made: the words are kept, and a retry makes the rest. */
  public Disposition withoutDelegations(Beat beat, IssueLease lease, WorkResult result, Throwable failure) {
    Disposition fallback = policy.onFailure(
        new WorkFailure(WorkFailure.Kind.REFUSED, "A subtask could not be created: " + failure.getMessage()),
        beat.self(), lease.issue());
    return fallback.saying(DispositionOf.words(result) + "\n\n---\n" + fallback.comment());
  }

  private Disposition instead(Beat beat, Issue issue, Disposition disposition, Rejected refused) {
    beat.tell(Step.UPDATE_STATUS, Kind.REFUSED, issue.label(), String.valueOf(refused.getMessage()));
    Disposition fallback = policy.onFailure(
        new WorkFailure(WorkFailure.Kind.REFUSED, "The server said: "
            + Optional.ofNullable(refused.error().error()).orElse("status " + refused.status())),
        beat.self(), issue);
    return fallback.saying(disposition.comment() + "\n\n---\n" + fallback.comment());
  }

  private Future<Settlement> write(Beat beat, IssueLease lease, Paths.Laid laid, List<Usage> usage) {
    if (!laid.update().isHandOff()) {
      return confirmed(beat, lease, laid)
          .compose(done -> costs.report(beat, lease.issue(), usage).map(done));
    }
    // the server ends the run with this write, so the cost goes first, unless it would pause the agent before it
    boolean costFirst = !costs.exhaustsBudget(beat.self(), usage);
    return (costFirst ? costs.report(beat, lease.issue(), usage) : Future.<Void>succeededFuture())
        .compose(next -> {
          beat.tell(Step.UPDATE_STATUS, Kind.HANDING_OVER, lease.issue().label(), "to a person; this ends the run");
          return confirmed(beat, lease, laid);
        })
        .compose(done -> (costFirst ? Future.<Void>succeededFuture() : costs.report(beat, lease.issue(), usage))
            .map(done));
  }

  private Future<Settlement> confirmed(Beat beat, IssueLease lease, Paths.Laid laid) {
    return attempt(beat, lease, laid.update(), 1)
        .compose(comment -> remember(beat, lease, laid, comment))
        .compose(remembered -> laid.waitsFor() == WaitsFor.ITSELF ? wakeAgain(beat, lease) : Future.succeededFuture())
        .map(written -> {
          beat.tell(Step.UPDATE_STATUS, Kind.DONE, lease.issue().label(), laid.update().status() + ": "
              + laid.update().comment().lines().findFirst().orElse(""));
          return new Settlement.Disposed(lease.issue().id(), lease.issue().label(), laid.update().status());
        });
  }

  /** Naming itself as the one who unblocks only rewrites the own live run: what starts the next one is this wake. */
  private static Future<Void> wakeAgain(Beat beat, IssueLease lease) {
    return beat.session().wakeSelf(beat.self().id(), SelfWake.after(lease.issue().id(), "heartbeat4j_unblocks_itself"))
        .<Void>mapEmpty()
        .recover(failure -> {
          beat.tell(Step.UPDATE_STATUS, Kind.FAILED, lease.issue().label(),
              "could not ask for the next run: " + failure.getMessage());
          return Future.succeededFuture();
        });
  }

  private static final int ATTEMPTS = 2;

  private Future<Comment> attempt(Beat beat, IssueLease lease, IssueUpdate update, int attempt) {
    return lease.update(update)
        .compose(updated -> echo(beat, update, updated))
        .recover(failure -> isUnclear(failure)
            ? readBack(beat, lease, update).compose(found -> found
                .map(Future::succeededFuture)
                .orElseGet(() -> attempt < ATTEMPTS
                    ? attempt(beat, lease, update, attempt + 1)
                    : Future.failedFuture(failure)))
            : Future.failedFuture(failure));
  }

  private static boolean isUnclear(Throwable failure) {
    return (failure instanceof TransientFailure lostAnswer && lostAnswer.mayHaveBeenProcessed())
        || failure instanceof ServerFault
        || (failure instanceof UnexpectedAnswer odd && odd.status() / 100 == 2)
        || failure instanceof NotEchoed;
  }

  private static Future<Comment> echo(Beat beat, IssueUpdate update, UpdatedIssue updated) {
    boolean status = updated.changedTo().map(update.status()::equals).orElse(true);
    return updated.comment()
        .filter(comment -> status)
        .map(comment -> comment.isBy(beat.self().id())
            ? Future.succeededFuture(comment)
            : Future.<Comment>failedFuture(new HeartbeatException(HeartbeatException.Kind.NOT_ALLOWED,
                "the server took this agent's comment for somebody else's: nothing more is written with this token")))
        .orElseGet(() -> Future.failedFuture(new NotEchoed()));
  }

  /** A 200 that does not show what was written. */
  private static final class NotEchoed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotEchoed() {
      super("the server's answer does not show the status and comment that were sent");
    }
  }

  private static Future<Optional<Comment>> readBack(Beat beat, IssueLease lease, IssueUpdate update) {
    return beat.session().comments(lease.issue().id()).map(comments -> comments.stream()
        .filter(comment -> beat.run().run().equals(comment.createdByRunId())
            && comment.body().equals(update.comment()))
        .findFirst());
  }

  private static Future<Void> remember(Beat beat, IssueLease lease, Paths.Laid laid, Comment comment) {
    Remembered disposition = new Remembered(
        lease.issue().id(), laid.update().status(), laid.waitsFor(), laid.approval(), laid.closesWhenApproved(),
        comment.id(), beat.run().run(), beat.clock().instant());
    return beat.offLoop(() -> {
      beat.setup().memory().remember(disposition);
      return disposition;
    }).mapEmpty();
  }

  /** Somebody took the issue away in mid-work. Nothing is written to it but one comment, so that the work is not lost. */
  private static Future<Settlement> lost(
      Beat beat, IssueLease lease, @Nullable Disposition disposition, @Nullable String why) {
    Issue issue = lease.issue();
    beat.tell(Step.UPDATE_STATUS, Kind.CONFLICT, issue.label(), why + "; not asked again");
    Settlement.Lost lost = new Settlement.Lost(issue.id(), issue.label(), String.valueOf(why));
    if (disposition == null) {
      return Future.succeededFuture(lost);
    }
    UUID once = UUID.nameUUIDFromBytes((beat.run().run() + "/" + issue.id()).getBytes(StandardCharsets.UTF_8));
    return lease.comment(new NewComment(
            "This issue was taken from me while I worked on it; its status is left alone. What I have:\n\n"
                + disposition.comment(), once))
        .<Settlement>map(lost)
        .otherwise(lost);
  }

  private static HeartbeatException notSettled(IssueLease lease, Throwable cause) {
    return new HeartbeatException(HeartbeatException.Kind.NOT_SETTLED,
        lease.issue().label() + " could not be settled: " + cause.getMessage(), cause);
  }
}
