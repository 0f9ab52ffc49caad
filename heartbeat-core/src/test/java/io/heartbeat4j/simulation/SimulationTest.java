package io.heartbeat4j.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.event.Step;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * {@code -Dsimulation.seeds=N} plays N seeds from {@code -Dsimulation.first=S} on; one seed alone is played again with
 * {@code -Dsimulation.first=SEED -Dsimulation.seeds=1}.
 */
class SimulationTest {

  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);

  @Test
  void whatever_fails_every_issue_is_settled_once() {
    play(0);
  }

  @Test
  void whatever_happens_to_several_hosts_every_issue_is_settled_once() {
    play(3);
  }

  private static void play(int hosts) {
    FaultCoverage faultCoverage = new FaultCoverage();
    List<String> violations = LongStream.range(FIRST, FIRST + SEEDS).parallel().boxed()
        .flatMap(
            seed -> Simulation.play(seed, hosts, faultCoverage).stream().map(violation -> "seed " + seed + ": " + violation))
        .toList();
    System.out.print(faultCoverage.table());
    violations.forEach(System.out::println);
    System.out.println("seeds " + SEEDS + " violations " + violations.size());
    assertThat(violations).isEmpty();
    if (SEEDS >= 500) {
      for (Step step : SimulatedNetwork.STEPS) {
        for (SimulatedFault simulatedFault : SimulatedFault.values()) {
          assertThat(faultCoverage.hits(step, simulatedFault)).as("%s in %s", simulatedFault, step).isPositive();
        }
      }
    }
  }

  @Test
  void a_seed_plays_the_same_each_time() {
    FaultCoverage first = new FaultCoverage();
    FaultCoverage second = new FaultCoverage();

    Simulation.play(7, 0, first);
    Simulation.play(7, 0, second);

    assertThat(second.table()).isEqualTo(first.table());
  }
}
