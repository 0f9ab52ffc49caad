package io.heartbeat4j.host.config;

import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.worker.SettingsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Creates one worker for all agents with the same worker name and settings. */
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
   * Empty if the worker can't be created; the problem is reported once.
   *
   * @param settingsReader the settings of the first agent that has them
   * @param where the key of the settings at that agent
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

  /**
   * A worker that is not cached here.
   *
   * @throws SettingsException if it can't be created
   */
  SharedWorker createVariant(String name, SettingsReader settingsReader) {
    try {
      return new SharedWorker(() -> plugins.create(name, settingsReader));
    } catch (LinkageError broken) {
      throw new SettingsException(String.valueOf(broken.getMessage()));
    }
  }

  /** The settings of a worker that could be created. */
  Class<? extends Record> settingsType(String name) {
    return plugins.settingsType(name);
  }

  /** Closes all workers, because the configuration has problems and is not used. */
  void retireAll() {
    cache.values().forEach(worker -> worker.ifPresent(SharedWorker::retire));
  }

  /** Adds the key to a problem that does not begin with it. */
  private static String prefixed(String where, String problem) {
    return problem.startsWith(where) ? problem : where + ": " + problem;
  }
}
