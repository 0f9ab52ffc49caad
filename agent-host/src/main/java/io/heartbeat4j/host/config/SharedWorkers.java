package io.heartbeat4j.host.config;

import io.heartbeat4j.heartbeat.WorkerSource;
import io.heartbeat4j.heartbeat.plugin.Settings;
import io.heartbeat4j.heartbeat.plugin.Workers;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Agents whose worker and settings are written alike have one worker; it is made once. Thread-safe; blocks. */
final class SharedWorkers {

  private record Key(String name, Map<String, Object> settings) {}

  private final Workers plugins;
  private final Map<Key, Made> made = new LinkedHashMap<>();

  SharedWorkers(Workers plugins) {
    this.plugins = plugins;
  }

  /**
   * @param settings read at most once, for the first agent that has them
   * @param where the key under which that agent has them
   */
  synchronized WorkerSource of(String name, Map<String, Object> written, Settings settings, String where) {
    return made.computeIfAbsent(new Key(name, written), first -> new Made(plugins, name, settings, where));
  }

  /** Makes every worker; what can't be made is said, all at once. */
  synchronized List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (Made each : made.values()) {
      try {
        each.worker();
      } catch (SettingsException wrong) {
        problems.addAll(wrong.problems().stream().map(each::located).toList());
      } catch (RuntimeException | LinkageError broken) {
        problems.add(each.located(String.valueOf(broken.getMessage())));
      }
    }
    return problems;
  }

  private static final class Made implements WorkerSource {

    private final Workers plugins;
    private final String name;
    private final Settings settings;
    private final String where;
    private @Nullable Worker worker;

    Made(Workers plugins, String name, Settings settings, String where) {
      this.plugins = plugins;
      this.name = name;
      this.settings = settings;
      this.where = where;
    }

    @Override
    public synchronized Worker worker() {
      if (worker == null) {
        worker = plugins.create(name, settings);
      }
      return worker;
    }

    /** A problem of the settings begins with their key already. */
    String located(String problem) {
      return problem.startsWith(where) ? problem : where + ": " + problem;
    }
  }
}
