package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.Unprocessable;
import io.heartbeat4j.heartbeat.event.ConflictCause;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.IssueMemory.ConflictRest;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.heartbeat.wal.ClaimedEntries;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Step 5: checks an issue out before any work, also when the server has done so for the run already (that answers 200).
 * The only place that requests a lease.
 *
 * <p>A 409 says that another agent or run has the issue, a 422 that its blockers are open. In both cases the issue is
 * not requested again in this heartbeat.
 */
public final class CheckoutStep {

  private final HeartbeatLimits limits;

  @Inject
  public CheckoutStep(HeartbeatLimits limits) {
    this.limits = limits;
  }

  /**
   * Checks the issue out, with the log entries that earlier runs have left of it; empty where the server refuses it or
   * this run has asked for it before. The checkout is in the write-ahead log before it is requested.
   */
  public Future<Optional<CheckedOutIssue>> checkOut(
      HeartbeatContext heartbeat, ClaimedEntries claimed, IssueId issue, String label) {
    if (heartbeat.run().hasRequestedCheckout(issue)) {
      return Future.succeededFuture(Optional.empty());
    }
    Optional<LogEntry> interrupted = claimed.checkedOutBy(heartbeat.run().run(), issue);
    List<LogEntry> earlier = claimed.of(issue).stream()
        .filter(entry -> interrupted.filter(own -> own == entry).isEmpty()).toList();
    return interrupted.map(Future::succeededFuture)
        .orElseGet(() -> heartbeat.log().begin(heartbeat.run().run(), issue, label))
        .compose(entry -> heartbeat.run().checkOut(issue)
            .map(lease -> {
              heartbeat.emit(Step.CHECKOUT, Kind.DONE, lease.issue().label(), lease.issue().title());
              return Optional.of(new CheckedOutIssue(lease, entry, earlier));
            })
            .recover(failure -> emitRefusal(heartbeat, label, failure)
                .compose(
                    none -> entry.delete().compose(cleared -> startConflictRest(heartbeat, issue, failure)).map(none))
                .recover(unclear -> entry.release().compose(kept -> Future.failedFuture(unclear)))));
  }

  /** After a 409 the issue is left alone for a while. */
  private Future<Void> startConflictRest(HeartbeatContext heartbeat, IssueId issue, Throwable failure) {
    if (failure instanceof Conflict conflict && !isOurOwnRuns(heartbeat, conflict)) {
      ConflictRest rest = new ConflictRest(heartbeat.clock().instant().plus(limits.conflictRest()),
          heartbeat.wake().facts().reason());
      return heartbeat.memory().write(issue, known -> known.with(rest)).mapEmpty();
    }
    return Future.succeededFuture();
  }

  /** Another run of this agent answers for the issue; a rest would keep that run itself from it after a restart. */
  private static boolean isOurOwnRuns(HeartbeatContext heartbeat, Conflict conflict) {
    return ConflictCause.of(conflict, heartbeat.self().id(), heartbeat.run().run()) == ConflictCause.ANOTHER_RUN;
  }

  private static Future<Optional<CheckedOutIssue>> emitRefusal(HeartbeatContext heartbeat, String label,
      Throwable failure) {
    return switch (failure) {
      case Conflict conflict -> {
        ConflictCause cause = ConflictCause.of(conflict, heartbeat.self().id(), heartbeat.run().run());
        heartbeat.emitConflict(Step.CHECKOUT, label, cause, "409: " + describe(cause, conflict) + "; not asked again");
        yield Future.succeededFuture(Optional.empty());
      }
      case Unprocessable blocked -> {
        heartbeat.emit(Step.CHECKOUT, Kind.REFUSED, label, "422: " + blocked.error().error());
        yield Future.succeededFuture(Optional.empty());
      }
      case NotFound gone -> {
        heartbeat.emit(Step.CHECKOUT, Kind.REFUSED, label, "404: the issue is gone");
        yield Future.succeededFuture(Optional.empty());
      }
      default -> Future.failedFuture(failure);
    };
  }

  private static String describe(ConflictCause cause, Conflict conflict) {
    return switch (cause) {
      case ANOTHER_AGENT -> "it belongs to another agent";
      case ANOTHER_RUN -> "another run of this agent has it";
      case PAUSED -> "it or an issue above it is paused; the board resumes it";
      case CLOSED -> "it is " + conflict.issueStatus().map(IssueStatus::toString).orElse("closed");
      case GONE, UNKNOWN -> String.valueOf(conflict.error().error());
    };
  }
}
