package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.client.TransientFailure;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.work.UsageDestination;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.CostEvent;
import io.heartbeat4j.protocol.CostEvent.BillingType;
import io.heartbeat4j.protocol.CostEvent.CostStatus;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.ProviderUsage;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the work cost: added up per provider and model, rounded to cents once, sent once. The server has no idempotency
 * for it, so an unclear answer is not repeated (contract section 8).
 */
public final class CostReporter {

  @Inject
  public CostReporter() {}

  /**
   * Reports what has not been reported yet. Never fails, since the issue is settled; false where an event is left for
   * later because the server could not be reached.
   */
  public Future<Boolean> report(HeartbeatContext heartbeat, LogEntry entry, Issue issue, List<ProviderUsage> usage) {
    return switch (heartbeat.setup().usageDestination()) {
      case UsageDestination.CostEvents events -> send(heartbeat, entry, issue, usage);
      case UsageDestination.Callback handed -> {
        if (usage.isEmpty() || entry.mayHaveSent("bill")) {
          yield Future.succeededFuture(true);
        }
        if (!handed.isThere().getAsBoolean()) {
          yield send(heartbeat, entry, issue, usage);
        }
        usage.forEach(handed.to());
        yield entry.recordSending("bill", null).map(true);
      }
    };
  }

  private static Future<Boolean> send(HeartbeatContext heartbeat, LogEntry entry, Issue issue,
      List<ProviderUsage> usage) {
    List<CostEvent> events = events(heartbeat, entry, issue, usage);
    return Sequentially
        .map(IntStream.range(0, events.size()).filter(i -> !entry.mayHaveSent("cost:" + i)).boxed().toList(),
            i -> report(heartbeat, entry, issue, events.get(i), "cost:" + i))
        .map(sent -> !sent.contains(false));
  }

  private static Future<Boolean> report(HeartbeatContext heartbeat, LogEntry entry, Issue issue, CostEvent event,
      String what) {
    return entry.recordSending(what, null)
        .compose(noted -> heartbeat.session().reportCost(heartbeat.self().companyId(), event))
        .onSuccess(told -> heartbeat.emit(Step.UPDATE_STATUS, Kind.DONE, issue.label(), "cost: " + event.costCents()
            + " cents" + (event.billingType() == BillingType.SUBSCRIPTION_INCLUDED ? " if it were no subscription" : "")
            + ", " + (event.inputTokens() + event.outputTokens()) + " tokens, " + event.model()))
        .map(told -> true)
        .recover(failure -> {
          heartbeat.emit(Step.UPDATE_STATUS, Kind.FAILED, issue.label(), "cost not reported: " + failure.getMessage());
          return failure instanceof TransientFailure passing && !passing.mayHaveBeenProcessed()
              ? entry.recordNotSent(what).map(false)
              : Future.succeededFuture(true);
        });
  }

  /** Whether reporting it would reach the month's budget, at which the server pauses the agent. */
  boolean exhaustsBudget(Agent self, List<ProviderUsage> usage) {
    long cents = usage.stream().map(ProviderUsage::costUsd).reduce(BigDecimal.ZERO, BigDecimal::add).movePointRight(2)
        .setScale(0, RoundingMode.CEILING).longValue();
    return self.budgetMonthlyCents() > 0 && self.spentMonthlyCents() + cents >= self.budgetMonthlyCents();
  }

  private static List<CostEvent> events(HeartbeatContext heartbeat, LogEntry entry, Issue issue,
      List<ProviderUsage> usage) {
    Map<List<String>, ProviderUsage> sums = new LinkedHashMap<>();
    for (ProviderUsage each : usage) {
      sums.merge(List.of(each.provider(), each.model()), each, ProviderUsage::plus);
    }
    List<CostEvent> events = new ArrayList<>();
    for (ProviderUsage sum : sums.values()) {
      events.add(new CostEvent(
          heartbeat.self().id(), issue.id(), entry.run(), sum.provider(), sum.model(), sum.inputTokens(),
          sum.cachedInputTokens(), sum.outputTokens(),
          sum.costUsd().movePointRight(2).setScale(0, RoundingMode.HALF_UP).longValue(), heartbeat.clock().instant(),
          billingType(sum.billing()), sum.billing() == ProviderUsage.Billing.UNPRICED ? CostStatus.UNPRICED : null));
    }
    return events;
  }

  private static @Nullable BillingType billingType(ProviderUsage.Billing billing) {
    return switch (billing) {
      case METERED -> BillingType.METERED_API;
      case SUBSCRIPTION -> BillingType.SUBSCRIPTION_INCLUDED;
      case UNKNOWN, UNPRICED -> null;
    };
  }
}
