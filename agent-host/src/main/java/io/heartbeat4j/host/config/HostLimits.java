package io.heartbeat4j.host.config;

import java.time.Duration;
import java.util.Map;

/**
 * The limits of a host.
 *
 * @param slots heartbeats that run at once
 * @param companySlots heartbeats of one company that run at once, on all hosts that share a store
 * @param queue wakes that wait
 * @param workerSlots heartbeats that run at once, by worker name
 * @param providerSlots heartbeats that run at once, by the provider account that their worker uses
 * @param drain how long running work may continue when the host shuts down
 */
public record HostLimits(
    int slots, int companySlots, int queue, Map<String, Integer> workerSlots, Map<String, Integer> providerSlots,
    int connections,
    int bodyBytes, Duration drain) {
  public HostLimits {
    workerSlots = Map.copyOf(workerSlots);
    providerSlots = Map.copyOf(providerSlots);
  }

  /** Without a limit for a company. */
  public HostLimits(int slots, int queue, Map<String, Integer> workerSlots, Map<String, Integer> providerSlots,
      int connections, int bodyBytes, Duration drain) {
    this(slots, Integer.MAX_VALUE, queue, workerSlots, providerSlots, connections, bodyBytes, drain);
  }
}
