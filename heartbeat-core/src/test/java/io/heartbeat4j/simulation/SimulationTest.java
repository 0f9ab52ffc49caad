package io.heartbeat4j.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.event.Step;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plays the same seeds each time, so that a build fails for its change only; {@code benchmarks/simulate} draws new ones,
 * as CI does. {@code -Dsimulation.seeds=N} plays N seeds, {@code -Dsimulation.first=S} those from S on; a violation is
 * printed with the command that plays its seed again.
 */
class SimulationTest {

  private static final int SEEDS = Integer.getInteger("simulation.seeds", 800);
  private static final int HOST_SEEDS = Integer.getInteger("simulation.host-seeds", 300);
  private static final long FIRST = Long.getLong("simulation.first", 1);

  @Test
  void whatever_fails_every_issue_is_settled_once() {
    FaultCoverage faultCoverage = play(0, SEEDS);

    if (SEEDS >= 500) {
      for (Step step : SimulatedNetwork.STEPS) {
        for (SimulatedFault simulatedFault : SimulatedFault.values()) {
          assertThat(faultCoverage.hits(step, simulatedFault)).as("%s in %s", simulatedFault, step).isPositive();
        }
      }
    }
  }

  @Test
  void whatever_happens_to_several_hosts_every_issue_is_settled_once() {
    FaultCoverage faultCoverage = play(3, HOST_SEEDS);

    assertThat(List.of(SimulatedFleet.KILLED, SimulatedFleet.LATE, SimulatedFleet.TAKEN_OVER))
        .allSatisfy(what -> assertThat(faultCoverage.crashes(what)).as(what).isGreaterThanOrEqualTo(HOST_SEEDS));
  }

  private static FaultCoverage play(int hosts, int seeds) {
    FaultCoverage faultCoverage = new FaultCoverage();
    List<String> violations = LongStream.range(FIRST, FIRST + seeds).parallel().boxed()
        .flatMap(seed -> Simulation.play(seed, hosts, BoardAction.all(), faultCoverage).stream()
            .map(violation -> "seed " + seed + ": " + violation + " (SIMULATION_TRACE=true benchmarks/simulate "
                + (hosts == 0 ? "" : "--hosts ") + "1 " + seed + ")"))
        .toList();
    System.out.print(faultCoverage.table());
    violations.forEach(System.out::println);
    System.out.println("seeds " + seeds + " from " + FIRST + " violations " + violations.size());
    assertThat(violations).isEmpty();
    return faultCoverage;
  }

  @ParameterizedTest
  @ValueSource(longs = {700196, 9002764, 9003024})
  void a_seed_of_the_first_board_that_once_failed_holds(long seed) {
    assertThat(Simulation.play(seed, 0, BoardAction.ofFirstVersion(), new FaultCoverage())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {20000380, 78000505, 131000180})
  void a_seed_that_once_failed_holds(long seed) {
    assertThat(Simulation.play(seed, 0, BoardAction.all(), new FaultCoverage())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {89705802, 89705958, 1329398672, 132000028, 134000375})
  void a_seed_that_once_failed_on_several_hosts_holds(long seed) {
    assertThat(Simulation.play(seed, 3, BoardAction.all(), new FaultCoverage())).isEmpty();
  }

  @Test
  void a_seed_plays_the_same_each_time() {
    FaultCoverage first = new FaultCoverage();
    FaultCoverage second = new FaultCoverage();

    Simulation.play(7, 0, BoardAction.all(), first);
    Simulation.play(7, 0, BoardAction.all(), second);

    assertThat(second.table()).isEqualTo(first.table());
  }
}
