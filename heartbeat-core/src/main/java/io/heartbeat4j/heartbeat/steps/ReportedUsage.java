package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.worker.Budget;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkUsage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the worker has reported so far, and what that leaves of the budget. Thread-safe. */
final class ReportedUsage implements WorkUsage {

  private final HeartbeatContext heartbeat;
  private final WorkerRun run;
  private final List<ProviderUsage> reported = new CopyOnWriteArrayList<>();

  ReportedUsage(HeartbeatContext heartbeat, WorkerRun run) {
    this.heartbeat = heartbeat;
    this.run = run;
  }

  @Override
  public Budget budget() {
    Budget left = heartbeat.setup().budget().narrowest(new Budget(Optional.empty(), heartbeat.self().budgetLeft()));
    for (ProviderUsage used : reported) {
      left = left.minus(used);
    }
    return left;
  }

  @Override
  public void report(ProviderUsage used) {
    run.recordActivity();
    reported.add(used);
  }

  @Override
  public ProviderGate providerGate(String account) {
    return heartbeat.setup().gates().forAccount(account);
  }

  List<ProviderUsage> reported() {
    return List.copyOf(reported);
  }
}
