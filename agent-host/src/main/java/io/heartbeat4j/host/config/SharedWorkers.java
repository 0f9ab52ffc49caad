package io.heartbeat4j.host.config;

import io.heartbeat4j.plugin.Settings;
import io.heartbeat4j.plugin.Workers;
import io.heartbeat4j.worker.SettingsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Agents whose worker and settings are written alike have one worker; it is made once. */
final class SharedWorkers {

  private record Key(String name, Map<String, Object> settings) {}

  private final Workers plugins;
  private final Problems problems;
  private final Map<Key, Optional<SharedWorker>> made = new HashMap<>();

  SharedWorkers(Workers plugins, Problems problems) {
    this.plugins = plugins;
    this.problems = problems;
  }

  /**
   * Empty where it can't be made, which is told once.
   *
   * @param settings read for the first agent that has them
   * @param where the key under which that agent has them
   */
  Optional<SharedWorker> of(String name, Map<String, Object> written, Settings settings, String where) {
    return made.computeIfAbsent(new Key(name, written), first -> make(name, settings, where));
  }

  private Optional<SharedWorker> make(String name, Settings settings, String where) {
    try {
      return Optional.of(new SharedWorker(() -> plugins.create(name, settings)));
    } catch (SettingsException wrong) {
      wrong.problems().forEach(problem -> problems.located(located(where, problem)));
    } catch (RuntimeException | LinkageError broken) {
      problems.located(located(where, String.valueOf(broken.getMessage())));
    }
    return Optional.empty();
  }

  /** None of them is used after all. */
  void retire() {
    made.values().forEach(worker -> worker.ifPresent(SharedWorker::retire));
  }

  /** A problem of the settings begins with their key already. */
  private static String located(String where, String problem) {
    return problem.startsWith(where) ? problem : where + ": " + problem;
  }
}
