package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.Rejected;
import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.client.UpdatedIssue;
import io.heartbeat4j.client.WrongAuthor;
import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.ConflictCause;
import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.HeartbeatException;
import io.heartbeat4j.heartbeat.Held;
import io.heartbeat4j.heartbeat.Outcome.Settlement;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.WorkFailure;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.state.Remembered.WaitsFor;
import io.heartbeat4j.heartbeat.state.Remembered;
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
  public Future<Settlement> settle(Beat beat, Held held, Disposition disposition, List<Usage> usage) {
    return settle(beat, held, disposition, usage, true);
  }

  private Future<Settlement> settle(
      Beat beat, Held held, Disposition disposition, List<Usage> usage, boolean mayFallBack) {
    return paths.lay(beat, held, disposition)
        .compose(laid -> write(beat, held, laid, usage))
        .recover(failure -> switch (failure) {
          case WrongAuthor mistaken -> Future.failedFuture(
              new HeartbeatException(HeartbeatException.Kind.NOT_ALLOWED, String.valueOf(mistaken.getMessage()), mistaken));
          case Conflict conflict -> isStillOurs(beat, held, conflict).compose(ours -> ours
              ? Future.failedFuture(notSettled(held, conflict))
              : lost(beat, held, disposition,
                  ConflictCause.of(conflict, beat.self().id(), beat.run().run()), conflict.getMessage()));
          case NotFound gone -> lost(beat, held, null, ConflictCause.GONE, "the issue is gone");
          case Unauthorized stopped -> Future.failedFuture(notSettled(held, stopped));
          case Rejected refused when mayFallBack -> settle(
              beat, held, disposition instanceof Disposition.Rest rest
                  ? rest.otherwise()
                  : instead(beat, held.issue(), disposition, refused), usage, false);
          case Rejected refused -> Future.failedFuture(notSettled(held, refused));
          case TransientFailure unclear -> Future.failedFuture(notSettled(held, unclear));
          default -> Future.failedFuture(failure);
        });
  }

  /** The worker's own words, without what the runtime adds. */
  public static String words(WorkResult result) {
    return DispositionOf.words(result);
  }

  /** What the result and the subtasks that were made for it mean for the issue. */
  public Disposition dispositionOf(Beat beat, Held held, WorkResult result, List<Issue> subtasks) {
    return DispositionOf.result(result, beat, held.issue(), subtasks, policy);
  }

  /** What a result means whose subtasks could not all be made: the words are kept, and a retry makes the rest. */
  public Disposition withoutDelegations(Beat beat, Held held, WorkResult result, Throwable failure) {
    Disposition fallback = policy.onFailure(
        new WorkFailure(WorkFailure.Kind.REFUSED, "A subtask could not be created: " + failure.getMessage()),
        beat.self(), held.issue());
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

  private Future<Settlement> write(Beat beat, Held held, Paths.Laid laid, List<Usage> usage) {
    if (laid.handOff().isEmpty()) {
      return confirmed(beat, held, laid)
          .compose(done -> costs.report(beat, held.entry(), held.issue(), usage)
              .compose(complete -> finished(held, complete)).map(done));
    }
    // the server ends the run with this write, so the cost goes first, unless it would pause the agent before it
    boolean costFirst = !costs.exhaustsBudget(beat.self(), usage);
    return (costFirst ? costs.report(beat, held.entry(), held.issue(), usage) : Future.succeededFuture(true))
        .compose(next -> {
          beat.tell(Step.UPDATE_STATUS, Kind.HANDING_OVER, held.issue().label(),
              laid.handOff().get().to() + "; this ends the run");
          return confirmed(beat, held, laid);
        })
        .compose(done -> costs.report(beat, held.entry(), held.issue(), usage)
            .compose(complete -> finished(held, complete)).map(done));
  }

  private Future<Settlement> confirmed(Beat beat, Held held, Paths.Laid laid) {
    Settlement settled = new Settlement.Disposed(held.issue().id(), held.issue().label(), laid.becomes());
    if (held.entry().isConfirmed(Entry.STATUS)) {
      return Future.succeededFuture(settled);
    }
    IssueUpdate update = laid.update();
    return Once.write(beat, held.entry(), Entry.STATUS, update.comment().orElse(null),
            () -> held.lease().update(update).compose(updated -> echo(laid, updated)),
            () -> find(beat, held, update),
            written -> remember(beat, held, laid, written.comment()))
        .compose(noted -> laid.waitsFor() == WaitsFor.ITSELF ? wakeAgain(beat, held) : Future.succeededFuture())
        .map(noted -> {
          beat.tell(Step.UPDATE_STATUS, Kind.DONE, held.issue().label(), laid.becomes() + ": "
              + update.comment().flatMap(words -> words.lines().findFirst()).orElse("nothing new to say"));
          return settled;
        });
  }

  /** What could not be reported stays in the journal, and with it what it is of. */
  private static Future<Void> finished(Held held, boolean complete) {
    return complete ? held.clear() : held.entry().close();
  }

  /** Naming itself as the one who unblocks only rewrites the own live run: what starts the next one is this wake. */
  private static Future<Void> wakeAgain(Beat beat, Held held) {
    return beat.session().wakeSelf(beat.self().id(), SelfWake.after(held.issue().id(), "heartbeat4j_unblocks_itself"))
        .<Void>mapEmpty()
        .recover(failure -> {
          beat.tell(Step.UPDATE_STATUS, Kind.FAILED, held.issue().label(),
              "could not ask for the next run: " + failure.getMessage());
          return Future.succeededFuture();
        });
  }

  /** The update as the server shows it, with the comment that came with it. */
  private record Written(@Nullable Comment comment) {}

  /** Whoever gets the issue may get it in another status than was expected, as a reviewed one whose reviewer is the agent. */
  private static Future<Written> echo(Paths.Laid laid, UpdatedIssue updated) {
    boolean status = laid.handOff().isPresent() || updated.changedTo().map(laid.update().status()::equals).orElse(true);
    boolean comment = laid.update().comment().isEmpty() || updated.comment().isPresent();
    return status && comment
        ? Future.succeededFuture(new Written(updated.comment().orElse(null)))
        : Future.failedFuture(new Once.NotShown());
  }

  /** Finds the update by its comment, whichever run sent it; one without a comment by the status alone. */
  private static Future<Optional<Written>> find(Beat beat, Held held, IssueUpdate update) {
    if (update.comment().isEmpty()) {
      return beat.session().issue(held.issue().id())
          .map(issue -> issue.status().equals(update.status()) ? Optional.of(new Written(null)) : Optional.empty());
    }
    return beat.session().comments(held.issue().id()).map(comments -> comments.reversed().stream()
        .filter(comment -> comment.isBy(beat.self().id())
            && List.of(beat.run().run(), held.entry().run()).contains(comment.createdByRunId())
            && comment.body().equals(update.comment().get()))
        .findFirst()
        .map(Written::new));
  }

  private static Future<Void> remember(Beat beat, Held held, Paths.Laid laid, @Nullable Comment comment) {
    return laid.isRest() ? Future.succeededFuture() : beat.remember(held.issue().id(), known -> known.with(new Remembered(
        held.issue().id(), laid.becomes(), laid.waitsFor(), laid.approval(), laid.closesWhenApproved(), laid.until(),
        comment != null ? comment.id() : known.disposition().map(Remembered::comment).orElse(null),
        beat.run().run(), beat.clock().instant()))).mapEmpty();
  }

  /**
   * A 409 that the server does not stand by, or does not explain: nothing is asked again in this run, and the journal keeps
   * what is to be written.
   */
  private static Future<Boolean> isStillOurs(Beat beat, Held held, Conflict conflict) {
    return beat.session().issue(held.issue().id())
        .map(issue -> issue.isAssignedTo(beat.self().id()) && beat.run().run().equals(issue.checkoutRunId()))
        .otherwise(unread -> !(unread instanceof NotFound)
            && ConflictCause.of(conflict, beat.self().id(), beat.run().run()) == ConflictCause.UNKNOWN);
  }

  /** Somebody took the issue away in mid-work. Nothing is written to it but one comment, so that the work is not lost. */
  private static Future<Settlement> lost(
      Beat beat, Held held, @Nullable Disposition disposition, ConflictCause cause, @Nullable String why) {
    Issue issue = held.issue();
    beat.tellConflict(Step.UPDATE_STATUS, issue.label(), cause, why + "; not asked again");
    Settlement.Lost lost = new Settlement.Lost(issue.id(), issue.label(), String.valueOf(why));
    if (disposition == null || disposition instanceof Disposition.Rest || disposition instanceof Disposition.Quiet) {
      return held.clear().map(lost);
    }
    UUID once = UUID.nameUUIDFromBytes((held.entry().run() + "/" + issue.id()).getBytes(StandardCharsets.UTF_8));
    return held.lease().comment(new NewComment(
            "This issue was taken from me while I worked on it; its status is left alone. What I have:\n\n"
                + disposition.comment(), once))
        .<Settlement>map(lost)
        .otherwise(lost)
        .compose(told -> held.clear().map(told));
  }

  private static HeartbeatException notSettled(Held held, Throwable cause) {
    return new HeartbeatException(HeartbeatException.Kind.NOT_SETTLED,
        held.issue().label() + " could not be settled: " + cause.getMessage(), cause);
  }
}
