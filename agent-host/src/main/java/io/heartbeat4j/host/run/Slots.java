package io.heartbeat4j.host.run;

import java.util.Map;

/**
 * How much runs and waits at once.
 *
 * @param host runs of the whole host
 * @param queue waiting ones of the whole host
 * @param workers runs by worker name; no limit for a name that is absent
 */
record Slots(int host, int queue, Map<String, Integer> workers) {
  Slots {
    workers = Map.copyOf(workers);
  }

  int ofWorker(String worker) {
    return workers.getOrDefault(worker, Integer.MAX_VALUE);
  }
}
