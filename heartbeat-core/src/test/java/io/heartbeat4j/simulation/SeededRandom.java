package io.heartbeat4j.simulation;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a seed brings about. Once the faults have stopped, nothing goes wrong any more. */
final class SeededRandom {

  private static final double RARE = 0.25;
  private static final double LATE = 0.2;
  private static final List<SimulatedFault> FAULTS = Arrays.stream(SimulatedFault.values())
      .filter(fault -> fault != SimulatedFault.NONE).toList();

  private final Random random;
  private final FaultCoverage faultCoverage;
  private final SimulatedProcess.CurrentProcess currentProcess;
  private final double trouble;
  private final double crash;
  private boolean over;

  SeededRandom(long seed, FaultCoverage faultCoverage, SimulatedProcess.CurrentProcess currentProcess) {
    this.currentProcess = currentProcess;
    this.random = new Random(seed);
    this.faultCoverage = faultCoverage;
    this.trouble = random.nextDouble() * 0.15;
    this.crash = random.nextDouble() * 0.02;
  }

  void stopFaults() {
    over = true;
  }

  boolean faultsAreOver() {
    return over;
  }

  Random random() {
    return random;
  }

  boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  int intUpTo(int most) {
    return random.nextInt(most + 1);
  }

  /** How long a run takes to begin: now and then so long that later ones overtake it. */
  Duration startDelay() {
    return Duration.ofMillis(50 + (!over && happens(LATE) ? intUpTo(60_000) : 0));
  }

  /** @param rare whether few requests are of this kind, so that each has to meet more */
  SimulatedFault faultFor(boolean rare) {
    if (over || !happens(rare ? RARE : trouble)) {
      return SimulatedFault.NONE;
    }
    return oneOf(FAULTS);
  }

  /** Kills the process that is acting, now and then. */
  void crash(String point) {
    if (!over && happens(crash)) {
      kill(point);
    }
  }

  boolean tearsWrite() {
    return !over && happens(crash);
  }

  /** Kills the process that is acting. Code that catches what this throws finds that it can do nothing more. */
  void kill(String point) {
    faultCoverage.countCrash(point);
    SimulatedProcess process = currentProcess.now;
    if (process != null) {
      process.kill();
    }
    throw new SimulatedProcess.KilledError(point);
  }
}
