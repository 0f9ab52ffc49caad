package io.heartbeat4j.host.run;

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
 * Whose turn it is. Agents take turns, so that one that floods the host waits for the others after each of its runs; an
 * agent's own claims go in the order they came, except that one whose issue is busy lets the next pass. Not thread-safe.
 */
final class Turns<T> {

  private record Busy(String agent, Optional<IssueId> issue) {}

  private Slots slots;
  private final LinkedHashMap<String, Deque<Claim<T>>> waiting = new LinkedHashMap<>();
  private final Set<Busy> busy = new HashSet<>();
  private final Counts byAgent = new Counts();
  private final Counts byWorker = new Counts();
  private final Counts byProvider = new Counts();
  private int running;
  private int queued;

  Turns(Slots slots) {
    this.slots = slots;
  }

  /** From now on; what runs already goes on. */
  void limit(Slots other) {
    slots = other;
  }

  /** Whether a claim of the agent would be taken now. */
  boolean hasRoom(String agent, int agentsQueue) {
    return queued < slots.queue() && waiting.getOrDefault(agent, new ArrayDeque<>()).size() < agentsQueue;
  }

  /** Puts the claim at the end of its agent's queue; false if there is no room. */
  boolean offer(Claim<T> claim) {
    if (!hasRoom(claim.agent(), claim.queue())) {
      return false;
    }
    waiting.computeIfAbsent(claim.agent(), first -> new ArrayDeque<>()).add(claim);
    queued++;
    return true;
  }

  /** The next claim that may run now; it holds its slots until {@link #release}. */
  Optional<Claim<T>> take() {
    if (running >= slots.host()) {
      return Optional.empty();
    }
    for (Map.Entry<String, Deque<Claim<T>>> agent : waiting.entrySet()) {
      Optional<Claim<T>> ready = firstReady(agent.getValue());
      if (ready.isPresent()) {
        toTheEnd(agent.getKey(), agent.getValue());
        hold(ready.get());
        return ready;
      }
    }
    return Optional.empty();
  }

  private Optional<Claim<T>> firstReady(Deque<Claim<T>> claims) {
    for (Iterator<Claim<T>> each = claims.iterator(); each.hasNext(); ) {
      Claim<T> claim = each.next();
      if (byAgent.of(claim.agent()) >= claim.slots()) {
        return Optional.empty();
      }
      if (!busy.contains(new Busy(claim.agent(), claim.issue())) && hasSlots(claim)) {
        each.remove();
        return Optional.of(claim);
      }
    }
    return Optional.empty();
  }

  private boolean hasSlots(Claim<T> claim) {
    return byWorker.of(claim.worker()) < slots.ofWorker(claim.worker())
        && claim.provider().stream().allMatch(provider -> byProvider.of(provider) < slots.ofProvider(provider));
  }

  private void toTheEnd(String agent, Deque<Claim<T>> claims) {
    waiting.remove(agent);
    if (!claims.isEmpty()) {
      waiting.put(agent, claims);
    }
  }

  private void hold(Claim<T> claim) {
    queued--;
    running++;
    busy.add(new Busy(claim.agent(), claim.issue()));
    byAgent.add(claim.agent());
    byWorker.add(claim.worker());
    claim.provider().ifPresent(byProvider::add);
  }

  /** The claim has run. */
  void release(Claim<T> claim) {
    running--;
    busy.remove(new Busy(claim.agent(), claim.issue()));
    byAgent.remove(claim.agent());
    byWorker.remove(claim.worker());
    claim.provider().ifPresent(byProvider::remove);
  }

  /** Takes a waiting claim back; false if it does not wait. */
  boolean withdraw(Claim<T> claim) {
    Deque<Claim<T>> claims = waiting.get(claim.agent());
    if (claims == null || !claims.remove(claim)) {
      return false;
    }
    if (claims.isEmpty()) {
      waiting.remove(claim.agent());
    }
    queued--;
    return true;
  }

  int running() {
    return running;
  }

  int slots() {
    return slots.host();
  }

  int queued() {
    return queued;
  }

  /** How many run, by a name. */
  private static final class Counts {

    private final Map<String, Integer> counts = new HashMap<>();

    int of(String name) {
      return counts.getOrDefault(name, 0);
    }

    void add(String name) {
      counts.merge(name, 1, Integer::sum);
    }

    void remove(String name) {
      counts.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1);
    }
  }
}
