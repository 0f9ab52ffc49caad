package io.heartbeat4j.host.run;

import io.heartbeat4j.host.config.HostLimits;
import java.util.Map;

/**
 * How much runs and waits at once.
 *
 * @param host runs of the whole host
 * @param queue waiting ones of the whole host
 * @param workers runs by worker name; no limit for a name that is absent
 * @param providers runs by the account of a provider that they use, likewise
 */
record Slots(int host, int queue, Map<String, Integer> workers, Map<String, Integer> providers) {

  Slots {
    workers = Map.copyOf(workers);
    providers = Map.copyOf(providers);
  }

  static Slots of(HostLimits limits) {
    return new Slots(limits.slots(), limits.queue(), limits.workerSlots(), limits.providerSlots());
  }

  int ofWorker(String worker) {
    return workers.getOrDefault(worker, Integer.MAX_VALUE);
  }

  int ofProvider(String provider) {
    return providers.getOrDefault(provider, Integer.MAX_VALUE);
  }
}
