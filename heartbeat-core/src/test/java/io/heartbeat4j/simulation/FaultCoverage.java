package io.heartbeat4j.simulation;

import io.heartbeat4j.heartbeat.event.Step;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How often what was hit, over all seeds. Thread-safe: seeds are played side by side. */
final class FaultCoverage {

  private final Map<Step, Map<SimulatedFault, Integer>> hits = new EnumMap<>(Step.class);
  private final Map<String, Integer> crashes = new TreeMap<>();

  synchronized void countFault(Step step, SimulatedFault simulatedFault) {
    hits.computeIfAbsent(step, first -> new EnumMap<>(SimulatedFault.class)).merge(simulatedFault, 1, Integer::sum);
  }

  synchronized void countCrash(String point) {
    crashes.merge(point, 1, Integer::sum);
  }

  synchronized int hits(Step step, SimulatedFault simulatedFault) {
    return hits.getOrDefault(step, Map.of()).getOrDefault(simulatedFault, 0);
  }

  synchronized int crashes(String point) {
    return crashes.getOrDefault(point, 0);
  }

  /** A line per step, a column per trouble. */
  synchronized String table() {
    StringBuilder table = new StringBuilder();
    for (Step step : SimulatedNetwork.STEPS) {
      table.append(step.title()).append(':');
      for (SimulatedFault simulatedFault : SimulatedFault.values()) {
        table.append(' ').append(simulatedFault).append('=').append(hits(step, simulatedFault));
      }
      table.append('\n');
    }
    crashes.forEach((point, count) -> table.append("crash at ").append(point).append(": ").append(count).append('\n'));
    return table.toString();
  }
}
