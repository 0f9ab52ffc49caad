package io.heartbeat4j.host.run;

import io.heartbeat4j.host.config.HostLimits;
import java.util.Map;

/**
 * Limits on active and waiting runs.
 *
 * @param hostSlots active runs of the host
 * @param companySlots active runs of one company
 * @param queueLimit waiting runs of the host
 * @param workerSlots runs by worker name; no limit for a name that is absent
 * @param providerSlots runs by the account of a provider that they use, likewise
 */
record SchedulerLimits(int hostSlots, int companySlots, int queueLimit, Map<String, Integer> workerSlots,
    Map<String, Integer> providerSlots) {

  SchedulerLimits {
    workerSlots = Map.copyOf(workerSlots);
    providerSlots = Map.copyOf(providerSlots);
  }

  static SchedulerLimits from(HostLimits limits) {
    return new SchedulerLimits(limits.slots(), limits.companySlots(), limits.queue(), limits.workerSlots(),
        limits.providerSlots());
  }

  int slotsOfWorker(String worker) {
    return workerSlots.getOrDefault(worker, Integer.MAX_VALUE);
  }

  int slotsOfProvider(String provider) {
    return providerSlots.getOrDefault(provider, Integer.MAX_VALUE);
  }
}
