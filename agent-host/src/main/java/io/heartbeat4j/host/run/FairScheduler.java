package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Round-robin scheduler over agents: an agent with many runs waits for the others after each of its runs. Runs of one
 * agent start in the order of their arrival, except that a run whose issue is busy is overtaken by the next. Not
 * thread-safe.
 */
final class FairScheduler<T> {

  private record BusyIssue(String agent, Optional<IssueId> issue) {}

  private SchedulerLimits limits;
  private final LinkedHashMap<String, Deque<ScheduledRun<T>>> waiting = new LinkedHashMap<>();
  private final Set<BusyIssue> busyIssues = new HashSet<>();
  private final RunCounter<CompanyId> byCompany = new RunCounter<>();
  private final RunCounter<String> byAgent = new RunCounter<>();
  private final RunCounter<String> byWorker = new RunCounter<>();
  private final RunCounter<String> byProvider = new RunCounter<>();
  private int runningCount;
  private int queuedCount;

  FairScheduler(SchedulerLimits schedulerLimits) {
    this.limits = schedulerLimits;
  }

  /** Changes the limits for runs that start from now on. */
  void updateLimits(SchedulerLimits other) {
    limits = other;
  }

  /** Whether a run of the agent would be accepted now. */
  boolean hasCapacity(String agent, int agentsQueue) {
    return queuedCount < limits.queueLimit() && waiting.getOrDefault(agent, new ArrayDeque<>()).size() < agentsQueue;
  }

  /** Appends the run to its agent's queue; false if the queue is full. */
  boolean offer(ScheduledRun<T> scheduledRun) {
    if (!hasCapacity(scheduledRun.agent(), scheduledRun.agentQueueLimit())) {
      return false;
    }
    waiting.computeIfAbsent(scheduledRun.agent(), first -> new ArrayDeque<>()).add(scheduledRun);
    queuedCount++;
    return true;
  }

  /** The next run that may start now; it occupies its slots until {@link #release}. */
  Optional<ScheduledRun<T>> pollNext() {
    if (runningCount >= limits.hostSlots()) {
      return Optional.empty();
    }
    for (Map.Entry<String, Deque<ScheduledRun<T>>> agent : waiting.entrySet()) {
      Optional<ScheduledRun<T>> ready = removeFirstReady(agent.getValue());
      if (ready.isPresent()) {
        moveToEnd(agent.getKey(), agent.getValue());
        occupySlots(ready.get());
        return ready;
      }
    }
    return Optional.empty();
  }

  private Optional<ScheduledRun<T>> removeFirstReady(Deque<ScheduledRun<T>> claims) {
    for (Iterator<ScheduledRun<T>> each = claims.iterator(); each.hasNext();) {
      ScheduledRun<T> scheduledRun = each.next();
      if (byAgent.get(scheduledRun.agent()) >= scheduledRun.agentSlots()) {
        return Optional.empty();
      }
      if (!busyIssues.contains(new BusyIssue(scheduledRun.agent(), scheduledRun.issue())) && hasSlots(scheduledRun)) {
        each.remove();
        return Optional.of(scheduledRun);
      }
    }
    return Optional.empty();
  }

  private boolean hasSlots(ScheduledRun<T> scheduledRun) {
    return byCompany.get(scheduledRun.company()) < limits.companySlots()
        && byWorker.get(scheduledRun.worker()) < limits.slotsOfWorker(scheduledRun.worker())
        && scheduledRun.provider().stream()
            .allMatch(provider -> byProvider.get(provider) < limits.slotsOfProvider(provider));
  }

  private void moveToEnd(String agent, Deque<ScheduledRun<T>> claims) {
    waiting.remove(agent);
    if (!claims.isEmpty()) {
      waiting.put(agent, claims);
    }
  }

  private void occupySlots(ScheduledRun<T> scheduledRun) {
    queuedCount--;
    runningCount++;
    busyIssues.add(new BusyIssue(scheduledRun.agent(), scheduledRun.issue()));
    byCompany.add(scheduledRun.company());
    byAgent.add(scheduledRun.agent());
    byWorker.add(scheduledRun.worker());
    scheduledRun.provider().ifPresent(byProvider::add);
  }

  /** Frees the slots of a run that has ended. */
  void release(ScheduledRun<T> scheduledRun) {
    runningCount--;
    busyIssues.remove(new BusyIssue(scheduledRun.agent(), scheduledRun.issue()));
    byCompany.remove(scheduledRun.company());
    byAgent.remove(scheduledRun.agent());
    byWorker.remove(scheduledRun.worker());
    scheduledRun.provider().ifPresent(byProvider::remove);
  }

  /** Removes a waiting run; false if it is not waiting. */
  boolean withdraw(ScheduledRun<T> scheduledRun) {
    Deque<ScheduledRun<T>> claims = waiting.get(scheduledRun.agent());
    if (claims == null || !claims.remove(scheduledRun)) {
      return false;
    }
    if (claims.isEmpty()) {
      waiting.remove(scheduledRun.agent());
    }
    queuedCount--;
    return true;
  }

  int runningCount() {
    return runningCount;
  }

  int hostSlots() {
    return limits.hostSlots();
  }

  int companySlots() {
    return limits.companySlots();
  }

  int queuedCount() {
    return queuedCount;
  }

  /** Counts running runs by what they use. */
  private static final class RunCounter<K> {

    private final Map<K, Integer> counts = new HashMap<>();

    int get(K name) {
      return counts.getOrDefault(name, 0);
    }

    void add(K name) {
      counts.merge(name, 1, Integer::sum);
    }

    void remove(K name) {
      counts.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1);
    }
  }
}
