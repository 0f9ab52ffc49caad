package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.IssueLease;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.Outcome.Settlement;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.steps.Context;
import io.heartbeat4j.heartbeat.steps.Delegate;
import io.heartbeat4j.heartbeat.steps.MidWork;
import io.heartbeat4j.heartbeat.steps.StatusUpdate;
import io.heartbeat4j.heartbeat.steps.Work;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.Usage;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a heartbeat: from a lease to its one disposition. Whatever goes wrong on the way, the issue is told,
 * as long as the server listens.
 */
final class HeldIssue {

  private final Context context;
  private final Work work;
  private final Delegate delegate;
  private final StatusUpdate statusUpdate;
  private final EscalationPolicy policy;

  @Inject
  HeldIssue(Context context, Work work, Delegate delegate, StatusUpdate statusUpdate, EscalationPolicy policy) {
    this.context = context;
    this.work = work;
    this.delegate = delegate;
    this.statusUpdate = statusUpdate;
    this.policy = policy;
  }

  Future<Settlement> work(Beat beat, IssueLease lease, Trigger.@Nullable Decided decision) {
    return context.understand(beat, lease.issue().id())                                         // Step 6
        .map(briefing -> decision == null ? briefing : briefing.with(decision))
        .compose(briefing -> work.perform(beat, briefing, MidWork.on(lease)))        // Step 7
        .compose(worked -> finish(beat, lease, worked))
        .recover(failure -> tellIfPossible(beat, lease, failure));
  }

  Future<Settlement> settle(Beat beat, IssueLease lease, Disposition disposition) {
    return statusUpdate.settle(beat, lease, disposition, List.of());
  }

  private Future<Settlement> finish(Beat beat, IssueLease lease, Worked worked) {
    return switch (worked) {
      case Worked.Returned(var result, var usage) -> delegate.create(beat, lease, result.delegations())   // Step 9
          .map(subtasks -> statusUpdate.dispositionOf(beat, lease, result, subtasks))
          .recover(failure -> failure instanceof PaperclipException
              ? Future.succeededFuture(statusUpdate.withoutDelegations(beat, lease, result, failure))
              : Future.failedFuture(failure))
          .compose(disposition -> statusUpdate.settle(beat, lease, disposition, usage));        // Step 8
      case Worked.Failed(var failure, var usage) -> fail(beat, lease, failure, usage);
    };
  }

  private Future<Settlement> fail(Beat beat, IssueLease lease, WorkFailure failure, List<Usage> usage) {
    return statusUpdate.settle(beat, lease, policy.onFailure(failure, beat.self(), lease.issue()), usage);
  }

  /** Reading the context failed, or a step has a bug: the issue is held, so it is told. What StatusUpdate gave up on stays given up. */
  private Future<Settlement> tellIfPossible(Beat beat, IssueLease lease, Throwable failure) {
    if (failure instanceof HeartbeatException
        || failure instanceof TransientFailure
        || failure instanceof Unauthorized) {
      return Future.failedFuture(failure);
    }
    String words = failure instanceof PaperclipException
        ? String.valueOf(failure.getMessage())
        : "an error in heartbeat4j itself: " + failure;
    return fail(beat, lease, new WorkFailure(WorkFailure.Kind.REFUSED, words), List.of());
  }
}
