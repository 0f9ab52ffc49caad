package io.heartbeat4j.heartbeat.policy;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import java.time.Duration;

/**
 * When an agent is stopped from going round in circles.
 *
 * @param repetitions how many wakes for the same issue and reason, with nothing new from others, may reach the worker
 * @param window how long such wakes are counted together
 * @param conflictRest how long an issue is left alone after a 409
 * @param frugalFrom the percentage of the month's budget from which only critical issues are worked; 100 is never
 * @param patience how long a server that can't be reached is waited for while an issue is held
 */
public record HeartbeatLimits(
    @DefaultValue("3") @Description("wakes for one issue and reason, with nothing new, that reach the worker") int repetitions,
    @DefaultValue("1h") @Description("how long such wakes are counted together") Duration window,
    @DefaultValue("10m") @Description("how long an issue is not picked again after a 409") Duration conflictRest,
    @DefaultValue("80") @Description("percentage of the month's budget from which only critical issues are worked; 100 means off") int frugalFrom,
    @DefaultValue("1m") @Description("how long a run that holds an issue waits for a server that is away") Duration patience) {

  public static final HeartbeatLimits DEFAULT = new HeartbeatLimits(3, Duration.ofHours(1), Duration.ofMinutes(10), 80,
      Duration.ofMinutes(1));

  public HeartbeatLimits {
    if (repetitions < 1 || window.isNegative() || conflictRest.isNegative() || patience.isNegative() || frugalFrom < 0
        || frugalFrom > 100) {
      throw new IllegalArgumentException(
          "repetitions is at least 1, window, conflict-rest and patience count from 0 up, frugal-from is a percentage");
    }
  }
}
