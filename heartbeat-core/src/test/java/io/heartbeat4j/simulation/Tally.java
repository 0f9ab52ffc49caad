package io.heartbeat4j.simulation;

import io.heartbeat4j.heartbeat.event.Step;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How often what was hit, over all seeds. Thread-safe: seeds are played side by side. */
final class Tally {

  private final Map<Step, Map<Trouble, Integer>> hits = new EnumMap<>(Step.class);
  private final Map<String, Integer> crashes = new TreeMap<>();

  synchronized void hit(Step step, Trouble trouble) {
    hits.computeIfAbsent(step, first -> new EnumMap<>(Trouble.class)).merge(trouble, 1, Integer::sum);
  }

  synchronized void crash(String point) {
    crashes.merge(point, 1, Integer::sum);
  }

  synchronized int hits(Step step, Trouble trouble) {
    return hits.getOrDefault(step, Map.of()).getOrDefault(trouble, 0);
  }

  synchronized int crashes(String point) {
    return crashes.getOrDefault(point, 0);
  }

  /** A line per step, a column per trouble. */
  synchronized String table() {
    StringBuilder table = new StringBuilder();
    for (Step step : SimulatedWire.STEPS) {
      table.append(step.title()).append(':');
      for (Trouble trouble : Trouble.values()) {
        table.append(' ').append(trouble).append('=').append(hits(step, trouble));
      }
      table.append('\n');
    }
    crashes.forEach((point, count) -> table.append("crash at ").append(point).append(": ").append(count).append('\n'));
    return table.toString();
  }
}
