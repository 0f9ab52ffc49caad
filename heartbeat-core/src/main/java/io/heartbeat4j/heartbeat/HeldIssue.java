package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.Rejected;
import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.client.WrongAuthor;
import io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.Outcome.Settlement;
import io.heartbeat4j.heartbeat.journal.Decision;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.steps.Context;
import io.heartbeat4j.heartbeat.steps.Course;
import io.heartbeat4j.heartbeat.steps.Delegate;
import io.heartbeat4j.heartbeat.steps.Deliberate;
import io.heartbeat4j.heartbeat.steps.MidWork;
import io.heartbeat4j.heartbeat.steps.StatusUpdate;
import io.heartbeat4j.heartbeat.steps.Tell;
import io.heartbeat4j.heartbeat.steps.Work;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.worker.Review;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a heartbeat: from a lease to its one disposition. Whatever goes wrong on the way, the issue is told,
 * as long as the server listens; what it could not be told stays in the journal.
 */
final class HeldIssue {

  private final Context context;
  private final Deliberate deliberate;
  private final Work work;
  private final Delegate delegate;
  private final StatusUpdate statusUpdate;
  private final EscalationPolicy policy;
  private final Patience patience;

  @Inject
  HeldIssue(
      Context context,
      Deliberate deliberate,
      Work work,
      Delegate delegate,
      StatusUpdate statusUpdate,
      EscalationPolicy policy,
      Patience patience) {
    this.context = context;
    this.deliberate = deliberate;
    this.work = work;
    this.delegate = delegate;
    this.statusUpdate = statusUpdate;
    this.policy = policy;
    this.patience = patience;
  }

  /** Works the issue, or settles it where there is no work in this wake. */
  Future<Settlement> work(Beat beat, Held held, Trigger.@Nullable Decided decision) {
    return context.understand(beat, held.issue().id())                                          // Step 6
        .map(briefing -> decision == null ? briefing : briefing.with(decision))
        .map(briefing -> reviewOf(beat, held).map(briefing::with).orElse(briefing))
        .compose(briefing -> deliberate.on(beat, held, briefing)
            .compose(course -> follow(beat, held, briefing, course)))
        .recover(failure -> tellIfPossible(beat, held, failure));
  }

  /** What asks the agent for a verdict: the checkout's answer says it, the wake only at its first run. */
  private static Optional<Review> reviewOf(Beat beat, Held held) {
    return Optional.ofNullable(held.issue().executionState())
        .filter(state -> state.isWith(beat.self().id()))
        .map(state -> new Review(
            state.currentStageType() == null ? "review" : state.currentStageType(),
            state.reviewRequest() == null ? null : state.reviewRequest().instructions()));
  }

  private Future<Settlement> follow(Beat beat, Held held, Briefing briefing, Course course) {
    return switch (course) {
      case Course.Work go -> tellOvertaken(beat, held, briefing.comments())
          .compose(told -> held.entry().sending(Entry.WORK, null))
          .compose(noted -> work.perform(beat, briefing, MidWork.on(held.lease())))           // Step 7
          .compose(worked -> decide(beat, held, new Decision.ByWork(worked)));
      case Course.Finish(Entry earlier) -> deliver(beat, held, earlier);
      case Course.Settle(Disposition disposition, String why) -> {
        beat.tell(Step.DO_THE_WORK, Kind.SKIPPED, held.issue().label(), why);
        yield decide(beat, held, new Decision.ByPolicy(disposition));
      }
    };
  }

  /** Leaves the issue as a policy says, without work. */
  Future<Settlement> settle(Beat beat, Held held, Disposition disposition) {
    return decide(beat, held, new Decision.ByPolicy(disposition));
  }

  /** Writes what an earlier run has decided, or that it was cut off; the work is not done again. */
  Future<Settlement> deliver(Beat beat, Held held, Entry earlier) {
    Held resumed = new Held(held.lease(), earlier, held.also().stream().filter(entry -> entry != earlier).toList());
    Optional<Decision> decision = earlier.decision();
    beat.tell(Step.DO_THE_WORK, Kind.SKIPPED, held.issue().label(), decision.isPresent()
        ? "done by an earlier run, whose result is delivered now"
        : "an earlier run was cut off; it is not done again");
    // that this run has taken the issue is no work of its own: after another crash it would be told as cut off, too
    return (held.entry() == earlier ? Future.<Void>succeededFuture() : held.entry().clear())
        .compose(one -> decision.isPresent()
            ? finish(beat, resumed, decision.get())
            : decide(beat, resumed, new Decision.ByWork(new Worked.Failed(cutOff(earlier), List.of()))));
  }

  private static WorkFailure cutOff(Entry earlier) {
    return new WorkFailure(WorkFailure.Kind.CUT_OFF, earlier.mayHaveSent(Entry.WORK)
        ? "The process of an earlier run (taken at " + earlier.since() + ") ended while the work was under way: part of it"
            + " may be done, and nothing of it was reported."
        : "The process of an earlier run (taken at " + earlier.since() + ") ended before the work had begun.");
  }

  /** From here on the decision is noted: whatever happens, it is written, and nothing is worked again for it. */
  private Future<Settlement> decide(Beat beat, Held held, Decision decision) {
    return held.entry().decided(decision).compose(noted -> finish(beat, held, decision));
  }

  /** Again while the server is certainly not there: nothing was sent, and what is noted as confirmed is not sent again. */
  private Future<Settlement> finish(Beat beat, Held held, Decision decision) {
    return patience.whileUnreachable(beat, () -> write(beat, held, decision));
  }

  private Future<Settlement> write(Beat beat, Held held, Decision decision) {
    return switch (decision) {
      case Decision.ByWork(Worked.Returned(var result, var usage)) ->
          delegate.create(beat, held, result.delegations())                                     // Step 9
              .map(subtasks -> statusUpdate.dispositionOf(beat, held, result, subtasks))
              .recover(failure -> failure instanceof Rejected && !isTheEnd(failure)
                  ? Future.succeededFuture(statusUpdate.withoutDelegations(beat, held, result, failure))
                  : Future.failedFuture(failure))
              .compose(disposition -> statusUpdate.settle(beat, held, disposition, usage));     // Step 8
      case Decision.ByWork(Worked.Failed(var failure, var usage)) ->
          statusUpdate.settle(beat, held, policy.onFailure(failure, beat.self(), held.issue()), usage);
      case Decision.ByPolicy(Disposition disposition) -> statusUpdate.settle(beat, held, disposition, List.of());
    };
  }

  /** Somebody has spoken since an earlier run decided: its words are not lost, and the work takes up what was said. */
  private Future<Void> tellOvertaken(Beat beat, Held held, List<Comment> thread) {
    Future<Void> all = Future.succeededFuture();
    for (Entry earlier : held.also()) {
      all = all.compose(next -> Optional.of(earlier).filter(entry -> !entry.isTold(thread)).flatMap(HeldIssue::words)
              .map(words -> Tell.once(
                  beat, earlier, held.lease()::comment, "From an earlier run that could not report:\n\n" + words))
              .<Future<Void>>map(Future::mapEmpty)
              .orElseGet(Future::succeededFuture))
          .compose(told -> earlier.clear());
    }
    return all;
  }

  private static Optional<String> words(Entry earlier) {
    return earlier.decision().flatMap(decision -> switch (decision) {
      case Decision.ByWork(Worked.Returned(WorkResult result, var usage)) -> Optional.of(StatusUpdate.words(result));
      case Decision.ByWork(Worked.Failed failed) -> Optional.empty();
      case Decision.ByPolicy policy -> Optional.empty();
    });
  }

  /** Reading the context failed, or a step has a bug: the issue is held, so it is told. What StatusUpdate gave up on stays given up. */
  private Future<Settlement> tellIfPossible(Beat beat, Held held, Throwable failure) {
    if (failure instanceof HeartbeatException || failure instanceof TransientFailure || isTheEnd(failure)) {
      return held.entry().close().compose(closed -> Future.failedFuture(failure));
    }
    String words = failure instanceof PaperclipException
        ? String.valueOf(failure.getMessage())
        : "an error in heartbeat4j itself: " + failure;
    return decide(beat, held, new Decision.ByWork(
        new Worked.Failed(new WorkFailure(WorkFailure.Kind.REFUSED, words), List.of())));
  }

  /** Nothing more can be written with this token. */
  private static boolean isTheEnd(Throwable failure) {
    return failure instanceof Unauthorized || failure instanceof WrongAuthor;
  }
}
