package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.ResidentWorkerFactory;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Settings as they were written, in a file or in variables, and the records that are read from them. Problems are
 * collected and told at once; none repeats what a reference brought in.
 */
public final class SettingsReader {

  private final Map<String, Object> values;
  private final PlaceholderResolver placeholders;
  private final String keyPrefix;

  /**
   * @param where stands before every key in a problem, such as {@code worker.settings}
   * @param secrets is told every value that is a secret
   */
  public SettingsReader(
      Map<String, Object> values, Map<String, String> environment, String where, Consumer<String> secrets) {
    this(values, environment, Path.of(""), where, secrets);
  }

  /**
   * The settings of a run that has not this process's working directory.
   *
   * @param directory against which relative paths are resolved
   */
  public SettingsReader(Map<String, Object> values, Map<String, String> environment, Path directory, String where,
      Consumer<String> secrets) {
    this(values, new PlaceholderResolver(environment, directory, secrets), where);
  }

  private SettingsReader(Map<String, Object> values, PlaceholderResolver placeholders, String where) {
    this.values = new LinkedHashMap<>(values);
    this.placeholders = placeholders;
    this.keyPrefix = where;
  }

  /**
   * These settings with other values for some keys. References in the other values are plain text: who writes them may
   * not read this machine's variables and files.
   *
   * @param overrides by key; a dot leads into a map, as in {@code model.name}
   */
  public SettingsReader withOverrides(Map<String, Object> overrides) {
    Map<String, Object> merged = values;
    for (Map.Entry<String, Object> override : overrides.entrySet()) {
      merged = with(merged, List.of(override.getKey().split("\\.")), override.getValue());
    }
    return new SettingsReader(merged, placeholders, keyPrefix);
  }

  private static Map<String, Object> with(Map<String, Object> outer, List<String> path, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>();
    outer.forEach((name, old) -> copy.put(toKebabCase(name), old));
    String key = toKebabCase(path.get(0));
    copy.put(key, path.size() == 1
        ? new SettingsBinder.LiteralValue(value)
        : with(SettingCollectionParser.map(copy.getOrDefault(key, Map.of())), path.subList(1, path.size()), value));
    return copy;
  }

  /**
   * Makes the factory's worker with these settings.
   *
   * @throws SettingsException if the settings are wrong
   */
  public <S extends Record> Worker createWorker(WorkerFactory<S> factory) {
    return factory.create(bind(factory.settingsType()));
  }

  /**
   * Makes the factory's worker for a run with that environment.
   *
   * @throws SettingsException if the settings are wrong
   */
  public <S extends Record> Worker createWorker(ResidentWorkerFactory<S> factory, Map<String, String> environment) {
    return factory.create(bind(factory.settingsType()), environment);
  }

  /**
   * Binds the settings to a record, by the rules that {@link io.heartbeat4j.worker.WorkerFactory} states.
   *
   * @throws SettingsException with every problem at once: unknown keys with the nearest known one, missing keys, and
   *     values of the wrong form
   */
  public <T extends Record> T bind(Class<T> settings) {
    List<String> problems = new ArrayList<>();
    T bound = new SettingsBinder(placeholders, problems).bindRecord(settings, values, keyPrefix);
    if (bound == null || !problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return bound;
  }

  /** {@code noOutputTimeout}, {@code NO_OUTPUT_TIMEOUT} and {@code no-output-timeout} are one key. */
  static String toKebabCase(String key) {
    String spelled = key.equals(key.toUpperCase(Locale.ROOT)) ? key.toLowerCase(Locale.ROOT) : key;
    return spelled.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
