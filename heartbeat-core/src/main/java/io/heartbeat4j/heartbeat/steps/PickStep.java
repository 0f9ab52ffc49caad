package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.wake.WakeScope;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Step 4: the order in which to try the assignments. Pure: the same inbox gives the same order.
 *
 * <p>In progress first, then todo by priority; the named task before all others; what is blocked last, and then only if
 * there is news (see {@link UnblockCheck}). Left out are issues that were tried already, that another run holds, or
 * whose blockers are open: a checkout is sure to be refused.
 */
public final class PickStep {

  @Inject
  public PickStep() {}

  /**
   * The candidates, best first. An unscoped wake may name an issue, which then goes first; in a scoped run the named
   * issue has been tried before the inbox is read.
   */
  public List<InboxItem> order(HeartbeatContext heartbeat, List<InboxItem> inbox) {
    IssueId named = heartbeat.wake() instanceof WakeScope.Unscoped unscoped ? unscoped.facts().issue() : null;
    return order(inbox, named, heartbeat.run().run(), heartbeat.run()::hasRequestedCheckout);
  }

  /**
   * The rule itself.
   *
   * @param attempted whether the issue's checkout was requested in this heartbeat: such an issue is left out
   */
  static List<InboxItem> order(
      List<InboxItem> inbox, @Nullable IssueId named, RunId run, Predicate<IssueId> attempted) {
    return inbox.stream()
        .filter(item -> !attempted.test(item.id()))
        .filter(item -> stage(item) < NOT_WORKABLE)
        .filter(item -> item.isReady() && !item.isHeldByAnother(run))
        .sorted(Comparator.<InboxItem>comparingInt(item -> item.id().equals(named) ? 0 : 1)
            .thenComparingInt(PickStep::stage)
            .thenComparingInt(item -> item.priority() == null ? Integer.MAX_VALUE : item.priority().rank()))
        .toList();
  }

  private static final int NOT_WORKABLE = 9;

  /** An issue in review waits for somebody: only a wake about it makes it work, and then it is named, not picked. */
  private static int stage(InboxItem item) {
    IssueStatus status = item.status();
    if (status.equals(IssueStatus.IN_PROGRESS)) {
      return 0;
    }
    if (status.equals(IssueStatus.TODO)) {
      return 1;
    }
    return status.equals(IssueStatus.BLOCKED) ? 2 : NOT_WORKABLE;
  }
}
