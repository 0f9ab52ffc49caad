package io.heartbeat4j.host.config;

import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.worker.SettingsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Agents whose worker and settings are written alike have one worker; it is made once. */
final class SharedWorkerCache {

  private record WorkerKey(String name, Map<String, Object> settings) {}

  private final WorkerRegistry plugins;
  private final ProblemCollector problemCollector;
  private final Map<WorkerKey, Optional<SharedWorker>> cache = new HashMap<>();

  SharedWorkerCache(WorkerRegistry plugins, ProblemCollector problemCollector) {
    this.plugins = plugins;
    this.problemCollector = problemCollector;
  }

  /**
   * Empty where it can't be made, which is told once.
   *
   * @param settingsReader read for the first agent that has them
   * @param where the key under which that agent has them
   */
  Optional<SharedWorker> getOrCreate(String name, Map<String, Object> written, SettingsReader settingsReader,
      String where) {
    return cache.computeIfAbsent(new WorkerKey(name, written), first -> create(name, settingsReader, where));
  }

  private Optional<SharedWorker> create(String name, SettingsReader settingsReader, String where) {
    try {
      return Optional.of(new SharedWorker(() -> plugins.create(name, settingsReader)));
    } catch (SettingsException wrong) {
      wrong.problems().forEach(problem -> problemCollector.reportKeyed(prefixed(where, problem)));
    } catch (RuntimeException | LinkageError broken) {
      problemCollector.reportKeyed(prefixed(where, String.valueOf(broken.getMessage())));
    }
    return Optional.empty();
  }

  /** None of them is used after all. */
  void retireAll() {
    cache.values().forEach(worker -> worker.ifPresent(SharedWorker::retire));
  }

  /** A problem of the settings begins with their key already. */
  private static String prefixed(String where, String problem) {
    return problem.startsWith(where) ? problem : where + ": " + problem;
  }
}
