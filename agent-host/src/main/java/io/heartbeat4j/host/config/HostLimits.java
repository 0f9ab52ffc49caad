package io.heartbeat4j.host.config;

import java.time.Duration;
import java.util.Map;

/**
 * What the host takes on at once.
 *
 * @param slots heartbeats that run
 * @param queue wakes that wait
 * @param workerSlots heartbeats that run, by worker name
 * @param providerSlots heartbeats that run, by the account of a provider that their worker uses
 * @param drain how long running work may go on when the host is asked to end
 */
public record HostLimits(
    int slots, int queue, Map<String, Integer> workerSlots, Map<String, Integer> providerSlots, int connections,
    int bodyBytes, Duration drain) {
  public HostLimits {
    workerSlots = Map.copyOf(workerSlots);
    providerSlots = Map.copyOf(providerSlots);
  }
}
