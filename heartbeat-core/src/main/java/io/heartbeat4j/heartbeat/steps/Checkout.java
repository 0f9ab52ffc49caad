package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.Unprocessable;
import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.ConflictCause;
import io.heartbeat4j.heartbeat.Held;
import io.heartbeat4j.heartbeat.Step;
import io.heartbeat4j.heartbeat.policy.Limits;
import io.heartbeat4j.heartbeat.state.IssueMemory.Rest;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Step 5: takes an issue before any work, also when the server has checked it out for the run already (that answers
 * 200). The only place that asks for a lease.
 *
 * <p>A 409 says that the issue belongs to somebody else, a 422 that its blockers are open: in both cases it is left alone
 * and never asked for again in this heartbeat.
 */
public final class Checkout {

  private final Limits limits;

  @Inject
  public Checkout(Limits limits) {
    this.limits = limits;
  }

  /** The held issue, or nothing where it can't be had. That it is taken stands in the journal before it is asked for. */
  public Future<Optional<Held>> take(Beat beat, IssueId issue, String label) {
    if (!beat.firstTry(issue)) {
      return Future.succeededFuture(Optional.empty());
    }
    return beat.takeBegun(issue).map(Future::succeededFuture)
        .orElseGet(() -> beat.journal().begin(beat.run().run(), issue, label))
        .compose(entry -> beat.run().checkout(issue)
            .map(lease -> {
              beat.tell(Step.CHECKOUT, Kind.DONE, lease.issue().label(), lease.issue().title());
              return Optional.of(new Held(lease, entry, beat.takeUnfinished(issue)));
            })
            .recover(failure -> refused(beat, label, failure)
                .compose(none -> entry.clear().compose(cleared -> rest(beat, issue, failure)).map(none))
                .recover(unclear -> entry.close().compose(kept -> Future.failedFuture(unclear)))));
  }

  /** After a 409 the issue is left alone for a while. */
  private Future<Void> rest(Beat beat, IssueId issue, Throwable failure) {
    if (failure instanceof Conflict conflict && !isOurOwnRuns(beat, conflict)) {
      Rest rest = new Rest(beat.clock().instant().plus(limits.conflictRest()), beat.wake().facts().reason());
      return beat.remember(issue, known -> known.with(rest)).mapEmpty();
    }
    return Future.succeededFuture();
  }

  /** Another run of this agent answers for the issue; a rest would keep that run itself from it after a restart. */
  private static boolean isOurOwnRuns(Beat beat, Conflict conflict) {
    return ConflictCause.of(conflict, beat.self().id(), beat.run().run()) == ConflictCause.ANOTHER_RUN;
  }

  private static Future<Optional<Held>> refused(Beat beat, String label, Throwable failure) {
    return switch (failure) {
      case Conflict conflict -> {
        ConflictCause cause = ConflictCause.of(conflict, beat.self().id(), beat.run().run());
        beat.tellConflict(Step.CHECKOUT, label, cause, "409: " + words(cause, conflict) + "; not asked again");
        yield Future.succeededFuture(Optional.empty());
      }
      case Unprocessable blocked -> {
        beat.tell(Step.CHECKOUT, Kind.REFUSED, label, "422: " + blocked.error().error());
        yield Future.succeededFuture(Optional.empty());
      }
      case NotFound gone -> {
        beat.tell(Step.CHECKOUT, Kind.REFUSED, label, "404: the issue is gone");
        yield Future.succeededFuture(Optional.empty());
      }
      default -> Future.failedFuture(failure);
    };
  }

  private static String words(ConflictCause cause, Conflict conflict) {
    return switch (cause) {
      case ANOTHER_AGENT -> "it belongs to another agent";
      case ANOTHER_RUN -> "another run of this agent has it";
      case PAUSED -> "it or an issue above it is paused; the board resumes it";
      case CLOSED -> "it is " + conflict.issueStatus().map(IssueStatus::toString).orElse("closed");
      case GONE, UNKNOWN -> String.valueOf(conflict.error().error());
    };
  }
}
