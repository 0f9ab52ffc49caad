package io.heartbeat4j.worker.agent.verify;

import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;

/** Puts what the runtime knows behind the model's summary: what was verified and changed, and what it cost. */
public final class ClosingComment {

  private ClosingComment() {}

  public static WorkResult of(WorkResult result, Verification verification, String used)
      throws IOException, InterruptedException {
    return of(result, verification, used, "");
  }

  /**
   * The same for an issue that has a branch of its own.
   *
   * @param branch what is known of it; empty without one
   */
  public static WorkResult of(WorkResult result, Verification verification, String used, String branch)
      throws IOException, InterruptedException {
    return switch (result) {
      case WorkResult.Done done ->
        new WorkResult.Done(closed(done.summary(), verification, used, branch), done.delegations());
      case WorkResult.NeedsReview review when verification.hasEvidence() || !branch.isEmpty() ->
        new WorkResult.NeedsReview(
            closed(review.summary(), verification, used, branch), review.path(), review.delegations());
      case WorkResult.Blocked blocked when verification.isRed() -> new WorkResult.Blocked(
          closed(blocked.reason(), verification, used, branch), blocked.unblock(), blocked.delegations());
      case WorkResult.NeedsReview review -> review;
      case WorkResult.Blocked blocked -> blocked;
      case WorkResult.ChangesRequested changes -> changes;
      case WorkResult.Later later -> later;
      case WorkResult.Reply reply -> reply;
      case WorkResult.Nothing nothing -> nothing;
    };
  }

  private static String closed(String summary, Verification verification, String used, String branch)
      throws IOException, InterruptedException {
    return summary + "\n\n---\n\n" + verification.report() + (branch.isEmpty() ? "" : "\n\n" + branch)
        + "\n\n**Used**: " + used
        + ".\n\nThe part below the line is the runtime's; what the summary says beside it is the model's word.";
  }
}
