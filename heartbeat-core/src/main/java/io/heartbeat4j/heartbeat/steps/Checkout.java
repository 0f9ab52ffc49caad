package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.Unprocessable;
import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Step;
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

  @Inject
  public Checkout() {}

  /** The lease, or nothing where the issue can't be had. */
  public Future<Optional<IssueLease>> take(Beat beat, IssueId issue, String label) {
    if (!beat.firstTry(issue)) {
      return Future.succeededFuture(Optional.empty());
    }
    return beat.run().checkout(issue, beat.self().id())
        .onSuccess(lease -> beat.tell(Step.CHECKOUT, Kind.DONE, lease.issue().label(), lease.issue().title()))
        .map(Optional::of)
        .recover(failure -> refused(beat, label, failure));
  }

  private static Future<Optional<IssueLease>> refused(Beat beat, String label, Throwable failure) {
    return switch (failure) {
      case Conflict conflict -> {
        beat.tell(Step.CHECKOUT, Kind.CONFLICT, label, "409: " + whose(beat, conflict) + "; not asked again");
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

  private static String whose(Beat beat, Conflict conflict) {
    if (conflict.assignee().filter(agent -> !agent.equals(beat.self().id())).isPresent()) {
      return "it belongs to another agent";
    }
    if (conflict.issueStatus().filter(IssueStatus::isClosed).isPresent()) {
      return "it is " + conflict.issueStatus().get();
    }
    if (conflict.checkoutRun().filter(run -> !run.equals(beat.run().run())).isPresent()) {
      return "another run of this agent has it";
    }
    return String.valueOf(conflict.error().error());
  }
}
