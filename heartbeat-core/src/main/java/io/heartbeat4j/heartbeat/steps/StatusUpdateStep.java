package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.AuthorMismatch;
import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.IssueUpdateResult;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.PermanentFailure;
import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.event.ConflictCause;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.memory.LastDisposition.WaitsFor;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssuePatch;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.heartbeat4j.worker.ProviderUsage;
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
 * <p>The update has no key on this server and a repeat would post its comment twice, so after an unclear answer the
 * thread is read before a second attempt, and there is no third (contract section 13). A 409 is never repeated: the
 * issue is somebody else's now, and what was found out goes there as a comment.
 */
public final class StatusUpdateStep {

  private final DispositionPlanner planner;
  private final CostReporter costs;
  private final EscalationPolicy policy;

  @Inject
  public StatusUpdateStep(DispositionPlanner planner, CostReporter costs, EscalationPolicy policy) {
    this.planner = planner;
    this.costs = costs;
    this.policy = policy;
  }

  /**
   * Leaves the held issue in the disposition. Where the server refuses it as it is meant, the issue is blocked and says
   * so, once.
   *
   * <p>Fails with a {@link HeartbeatException} only where the server could not be told.
   */
  public Future<Settlement> settle(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Disposition disposition,
      List<ProviderUsage> usage) {
    return settle(heartbeat, checkedOut, disposition, usage, true);
  }

  private Future<Settlement> settle(
      HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Disposition disposition, List<ProviderUsage> usage,
      boolean mayFallBack) {
    return planner.plan(heartbeat, checkedOut, disposition)
        .compose(planned -> write(heartbeat, checkedOut, planned, usage))
        .recover(failure -> switch (failure) {
          case AuthorMismatch mistaken -> Future.failedFuture(
              new HeartbeatException(HeartbeatException.Kind.NOT_ALLOWED, String.valueOf(mistaken.getMessage()),
                  mistaken));
          case Conflict conflict -> isStillOurs(heartbeat, checkedOut, conflict).compose(ours -> ours
              ? Future.failedFuture(notSettled(checkedOut, conflict))
              : settleLost(heartbeat, checkedOut, disposition,
                  ConflictCause.of(conflict, heartbeat.self().id(), heartbeat.run().run()), conflict.getMessage()));
          case NotFound gone -> settleLost(heartbeat, checkedOut, null, ConflictCause.GONE, "the issue is gone");
          case Unauthorized stopped -> Future.failedFuture(notSettled(checkedOut, stopped));
          case PermanentFailure refused when mayFallBack -> settle(
              heartbeat, checkedOut, disposition instanceof Disposition.Restore restore
                  ? restore.otherwise()
                  : fallbackFor(heartbeat, checkedOut.issue(), disposition, refused),
              usage, false);
          case PermanentFailure refused -> Future.failedFuture(notSettled(checkedOut, refused));
          case TransientFailure unclear -> Future.failedFuture(notSettled(checkedOut, unclear));
          default -> Future.failedFuture(failure);
        });
  }

  /** Leaves the issue in review while the work goes on. Fails where the server does not confirm it. */
  Future<Void> park(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Disposition.ReviewAt until) {
    return planner.plan(heartbeat, checkedOut, until).compose(planned -> checkedOut.lease().update(planned.update())
        .compose(updated -> verifyEcho(planned, updated))
        .compose(written -> remember(heartbeat, checkedOut, planned, written.comment())));
  }

  /** The worker's own words, without what the runtime adds. */
  public static String commentOf(WorkResult result) {
    return DispositionMapper.commentOf(result);
  }

  /** What the result and the subtasks that were made for it mean for the issue. */
  public Disposition dispositionOf(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkResult result,
      List<Issue> subtasks) {
    return DispositionMapper.dispositionOf(result, heartbeat, checkedOut.issue(), subtasks, policy);
  }

  /** What a result means whose subtasks could not all be made: the words are kept, and a retry makes the rest. */
  public Disposition withoutDelegations(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, WorkResult result,
      Throwable failure) {
    Disposition fallback = policy.onFailure(
        new WorkFailure(WorkFailure.Kind.REFUSED, "A subtask could not be created: " + failure.getMessage()),
        heartbeat.self(), checkedOut.issue());
    return fallback.withComment(DispositionMapper.commentOf(result) + "\n\n---\n" + fallback.comment());
  }

  private Disposition fallbackFor(HeartbeatContext heartbeat, Issue issue, Disposition disposition,
      PermanentFailure refused) {
    heartbeat.emit(Step.UPDATE_STATUS, Kind.REFUSED, issue.label(), String.valueOf(refused.getMessage()));
    Disposition fallback = policy.onFailure(
        new WorkFailure(WorkFailure.Kind.REFUSED, "The server said: "
            + Optional.ofNullable(refused.error().error()).orElse("status " + refused.status())),
        heartbeat.self(), issue);
    return fallback.withComment(disposition.comment() + "\n\n---\n" + fallback.comment());
  }

  private Future<Settlement> write(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      DispositionPlanner.PlannedUpdate planned, List<ProviderUsage> usage) {
    if (planned.handOff().isEmpty()) {
      return writeConfirmed(heartbeat, checkedOut, planned)
          .compose(done -> costs.report(heartbeat, checkedOut.entry(), checkedOut.issue(), usage)
              .compose(complete -> releaseOrDelete(checkedOut, complete)).map(done));
    }
    // the server ends the run with this write, so the cost goes first, unless it would pause the agent before it
    boolean costFirst = !costs.exhaustsBudget(heartbeat.self(), usage);
    return (costFirst ? costs.report(heartbeat, checkedOut.entry(), checkedOut.issue(), usage)
        : Future.succeededFuture(true))
        .compose(next -> {
          heartbeat.emit(Step.UPDATE_STATUS, Kind.HANDING_OVER, checkedOut.issue().label(),
              planned.handOff().get().to() + "; this ends the run");
          return writeConfirmed(heartbeat, checkedOut, planned);
        })
        .compose(done -> costs.report(heartbeat, checkedOut.entry(), checkedOut.issue(), usage)
            .compose(complete -> releaseOrDelete(checkedOut, complete)).map(done));
  }

  private Future<Settlement> writeConfirmed(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      DispositionPlanner.PlannedUpdate planned) {
    Settlement settled = new Settlement.Disposed(checkedOut.issue().id(), checkedOut.issue().label(),
        planned.resultingStatus());
    if (checkedOut.entry().isConfirmed(LogEntry.STATUS)) {
      return Future.succeededFuture(settled);
    }
    IssuePatch update = planned.update();
    return IdempotentWrite.write(heartbeat, checkedOut.entry(), LogEntry.STATUS, update.comment().orElse(null),
        () -> checkedOut.lease().update(update).compose(updated -> verifyEcho(planned, updated)),
        () -> find(heartbeat, checkedOut, update),
        written -> remember(heartbeat, checkedOut, planned, written.comment()))
        .compose(noted -> planned.waitsFor() == WaitsFor.ITSELF ? wakeAgain(heartbeat, checkedOut)
            : Future.succeededFuture())
        .map(noted -> {
          heartbeat.emit(Step.UPDATE_STATUS, Kind.DONE, checkedOut.issue().label(), planned.resultingStatus() + ": "
              + update.comment().flatMap(words -> words.lines().findFirst()).orElse("nothing new to say"));
          return settled;
        });
  }

  /** What could not be reported stays in the journal, and with it what it is of. */
  private static Future<Void> releaseOrDelete(CheckedOutIssue checkedOut, boolean complete) {
    return complete ? checkedOut.deleteEntries() : checkedOut.entry().release();
  }

  /** Naming itself as the one who unblocks only rewrites the own live run: what starts the next one is this wake. */
  private static Future<Void> wakeAgain(HeartbeatContext heartbeat, CheckedOutIssue checkedOut) {
    return heartbeat.session()
        .wakeSelf(heartbeat.self().id(),
            SelfWakeRequest.afterLiveRun(checkedOut.issue().id(), "heartbeat4j_unblocks_itself"))
        .<Void>mapEmpty()
        .recover(failure -> {
          heartbeat.emit(Step.UPDATE_STATUS, Kind.FAILED, checkedOut.issue().label(),
              "could not ask for the next run: " + failure.getMessage());
          return Future.succeededFuture();
        });
  }

  /** The update as the server shows it, with the comment that came with it. */
  private record Written(@Nullable Comment comment) {}

  /**
   * Whoever gets the issue may get it in another status than was expected, as a reviewed one whose reviewer is the
   * agent.
   */
  private static Future<Written> verifyEcho(DispositionPlanner.PlannedUpdate planned, IssueUpdateResult updated) {
    boolean status = planned.handOff().isPresent()
        || updated.newStatus().map(planned.update().status()::equals).orElse(true);
    boolean comment = planned.update().comment().isEmpty() || updated.comment().isPresent();
    return status && comment
        ? Future.succeededFuture(new Written(updated.comment().orElse(null)))
        : Future.failedFuture(new IdempotentWrite.UnconfirmedException());
  }

  /** Finds the update by its comment, whichever run sent it; one without a comment by the status alone. */
  private static Future<Optional<Written>> find(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      IssuePatch update) {
    if (update.comment().isEmpty()) {
      return heartbeat.session().issue(checkedOut.issue().id())
          .map(issue -> issue.status().equals(update.status()) ? Optional.of(new Written(null)) : Optional.empty());
    }
    return heartbeat.session().comments(checkedOut.issue().id()).map(comments -> comments.reversed().stream()
        .filter(comment -> comment.isBy(heartbeat.self().id())
            && List.of(heartbeat.run().run(), checkedOut.entry().run()).contains(comment.createdByRunId())
            && comment.body().equals(update.comment().get()))
        .findFirst()
        .map(Written::new));
  }

  private static Future<Void> remember(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      DispositionPlanner.PlannedUpdate planned, @Nullable Comment comment) {
    return planned.isRest() ? Future.succeededFuture()
        : heartbeat.memory().write(checkedOut.issue().id(), known -> known.with(new LastDisposition(
            checkedOut.issue().id(), planned.resultingStatus(), planned.waitsFor(), planned.approval(),
            planned.closesWhenApproved(), planned.until(),
            comment != null ? comment.id() : known.disposition().map(LastDisposition::comment).orElse(null),
            heartbeat.run().run(), heartbeat.clock().instant()))).mapEmpty();
  }

  /**
   * A 409 that the server does not stand by, or does not explain: nothing is asked again in this run, and the journal
   * keeps what is to be written.
   */
  private static Future<Boolean> isStillOurs(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      Conflict conflict) {
    return heartbeat.session().issue(checkedOut.issue().id())
        .map(issue -> issue.isAssignedTo(heartbeat.self().id()) && heartbeat.run().run().equals(issue.checkoutRunId()))
        .otherwise(unread -> !(unread instanceof NotFound)
            && ConflictCause.of(conflict, heartbeat.self().id(), heartbeat.run().run()) == ConflictCause.UNKNOWN);
  }

  /**
   * Somebody took the issue away in mid-work. Nothing is written to it but one comment, so that the work is not lost.
   */
  private static Future<Settlement> settleLost(
      HeartbeatContext heartbeat, CheckedOutIssue checkedOut, @Nullable Disposition disposition, ConflictCause cause,
      @Nullable String why) {
    Issue issue = checkedOut.issue();
    heartbeat.emitConflict(Step.UPDATE_STATUS, issue.label(), cause, why + "; not asked again");
    Settlement.Lost lost = new Settlement.Lost(issue.id(), issue.label(), String.valueOf(why));
    if (disposition == null || disposition instanceof Disposition.Restore
        || disposition instanceof Disposition.WithoutComment) {
      return checkedOut.deleteEntries().map(lost);
    }
    UUID once = UUID.nameUUIDFromBytes((checkedOut.entry().run() + "/" + issue.id()).getBytes(StandardCharsets.UTF_8));
    return checkedOut.lease().comment(new NewComment(
        whyLost(cause) + "; its status is left alone. What I have:\n\n" + disposition.comment(),
        once))
        .<Settlement>map(lost)
        .otherwise(lost)
        .compose(told -> checkedOut.deleteEntries().map(told));
  }

  private static String whyLost(ConflictCause cause) {
    return switch (cause) {
      case ANOTHER_AGENT -> "This issue was given to somebody else while I worked on it";
      case CLOSED -> "This issue was closed while I worked on it";
      case PAUSED -> "This issue was paused while I worked on it";
      case ANOTHER_RUN, GONE, UNKNOWN -> "Paperclip ended my run before I could report";
    };
  }

  private static HeartbeatException notSettled(CheckedOutIssue checkedOut, Throwable cause) {
    return new HeartbeatException(HeartbeatException.Kind.NOT_SETTLED,
        checkedOut.issue().label() + " could not be settled: " + cause.getMessage(), cause);
  }
}
