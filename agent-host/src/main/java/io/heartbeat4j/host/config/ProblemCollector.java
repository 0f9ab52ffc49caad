package io.heartbeat4j.host.config;

import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.worker.SettingsException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Collects the problems of a host's files, each once, with file and line. What an agent has from the defaults is a
 * problem of the defaults.
 */
final class ProblemCollector {

  /** The prefix of the keys in the problems of a {@link io.heartbeat4j.plugin.SettingsReader}. */
  static final String ROOT_KEY = "host";

  private final YamlFile file;
  private final Map<String, YamlFile> agentFiles = new LinkedHashMap<>();
  private final Set<String> problems = new LinkedHashSet<>();

  ProblemCollector(YamlFile file) {
    this.file = file;
  }

  /** Registers the own file of an agent, for the locations of its problems. */
  void registerAgentFile(YamlFile own, String agent) {
    agentFiles.put(agent, own);
  }

  /** @param key the path in the host's file, such as {@code agents.wren.timer} */
  void report(String key, String words) {
    reportKeyed(ROOT_KEY + "." + key + ": " + words);
  }

  /** Adds problems that already contain their file. */
  void addAll(List<String> problems) {
    this.problems.addAll(problems);
  }

  /** Adds a problem that begins with its key, and puts file and line before it. */
  void reportKeyed(String problem) {
    String text = problem.startsWith(ROOT_KEY + ".") ? problem.substring(ROOT_KEY.length() + 1) : problem;
    String key = text.split("[ :]", 2)[0];
    String[] parts = key.split("\\.", 3);
    if (parts.length < 2 || !parts[0].equals("agents")) {
      problems.add(file.locationOf(key) + ": " + text);
      return;
    }
    String own = parts.length < 3 ? "" : parts[2];
    String setting = own.split("[.\\[]", 2)[0];
    YamlFile agentFile = agentFiles.get(parts[1]);
    boolean written = agentFile == null ? file.has("agents." + parts[1] + "." + setting) : agentFile.has(setting);
    if (!written && file.has("defaults." + setting)) {
      problems.add(file.locationOf("defaults." + own) + ": defaults." + text.substring(key.length() - own.length()));
    } else {
      problems.add((agentFile == null ? file.locationOf(key) : agentFile.locationOf(own)) + ": " + text);
    }
  }

  /**
   * Reads a section and reports its problems. Entries with problems are then left out, so that what follows from the
   * other ones is checked too; null where nothing can be read without them.
   *
   * @param readers reads values under a key
   */
  <T extends Record> @Nullable T bind(Class<T> type, Map<String, Object> values, String where,
      BiFunction<Map<String, Object>, String, SettingsReader> readers) {
    try {
      return readers.apply(values, where).bind(type);
    } catch (SettingsException wrong) {
      wrong.problems().forEach(this::reportKeyed);
      Set<String> broken = wrong.problems().stream().filter(problem -> problem.startsWith(where + "."))
          .map(problem -> YamlFile.normalize(problem.substring(where.length() + 1).split("[ .:\\[]", 2)[0]))
          .collect(Collectors.toSet());
      Map<String, Object> usable = new LinkedHashMap<>(values);
      usable.keySet().removeIf(key -> broken.contains(YamlFile.normalize(key)));
      return bindAgain(type, usable, where, readers).orElse(null);
    }
  }

  /** Reads a section whose problems are reported already; empty if it still has some. */
  static <T extends Record> Optional<T> bindAgain(Class<T> type, Map<?, ?> values, String where,
      BiFunction<Map<String, Object>, String, SettingsReader> readers) {
    Map<String, Object> named = new LinkedHashMap<>();
    values.forEach((key, value) -> named.put(String.valueOf(key), value));
    try {
      return Optional.of(readers.apply(named, where).bind(type));
    } catch (SettingsException known) {
      return Optional.empty();
    }
  }

  void checkAtLeastOne(String key, int number) {
    if (number < 1) {
      report(key, number + " is too small: the minimum is 1");
    }
  }

  int count() {
    return problems.size();
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  SettingsException toException() {
    return new SettingsException(List.copyOf(problems));
  }
}
