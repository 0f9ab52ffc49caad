package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.memory.IssueMemory;
import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.memory.LastDisposition.WaitsFor;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.policy.HeartbeatLimits;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.Priority;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a share of the month's budget on only critical issues are worked; what is held rests for a day. When all is
 * spent nothing is worked; what is held is blocked.
 */
public final class BudgetGuard {

  public static final String SPENT = "the month's budget is spent";

  private static final Duration REST = Duration.ofDays(1);

  private final HeartbeatLimits limits;

  @Inject
  public BudgetGuard(HeartbeatLimits limits) {
    this.limits = limits;
  }

  /** Whether an issue of this priority has to wait for more budget. */
  public boolean defers(Agent self, @Nullable Priority priority) {
    return limits.frugalFrom() < 100
        && self.budgetMonthlyCents() > 0
        && self.spentMonthlyCents() * 100 >= self.budgetMonthlyCents() * limits.frugalFrom()
        && !Priority.CRITICAL.equals(priority);
  }

  /** Of the issues to settle, those that the budget allows: when all is spent, only the one that the server has checked out for the run. */
  public static List<Candidate> affordable(HeartbeatContext heartbeat, List<Candidate> linked) {
    if (!heartbeat.self().isOverBudget()) {
      return linked;
    }
    Optional<IssueId> held = heartbeat.wake().heldIssue();
    return linked.stream().filter(candidate -> held.filter(candidate.issue()::equals).isPresent()).findFirst()
        .or(() -> held.map(issue -> Candidate.toWork(issue, heartbeat.labelOf(issue))))
        .stream().toList();
  }

  /** Why nothing is worked any more; says the sums. */
  static WorkFailure spent(Agent self) {
    return new WorkFailure(WorkFailure.Kind.OVER_BUDGET, self.name() + " has spent " + sums(self) + " this month.");
  }

  private static String sums(Agent self) {
    return self.spentMonthlyCents() + " of " + self.budgetMonthlyCents() + " cents";
  }

  Optional<Disposition> deferral(HeartbeatContext heartbeat, @Nullable Priority priority, IssueMemory memory) {
    Agent self = heartbeat.self();
    if (!defers(self, priority)) {
      return Optional.empty();
    }
    Instant until = heartbeat.clock().instant().plus(REST);
    Disposition later = new Disposition.ReviewAt(
        self.name() + " has spent " + sums(self) + " this month, and from " + limits.frugalFrom()
            + " % on it works critical issues only. It looks here"
            + " again at " + until + "; raise the budget or make this critical to have it done sooner.",
        until);
    boolean said = memory.disposition().map(LastDisposition::waitsFor).filter(WaitsFor.TIME::equals).isPresent();
    return Optional.of(said ? new Disposition.WithoutComment(later) : later);
  }
}
