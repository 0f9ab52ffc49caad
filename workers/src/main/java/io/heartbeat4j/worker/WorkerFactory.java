package io.heartbeat4j.worker;

import org.apiguardian.api.API;

/**
 * The entry of a plugin, found by {@link java.util.ServiceLoader} under its {@link #name()}. The thread's context class
 * loader is the plugin's own in every call.
 *
 * <p>The settings are a record, one component per key, in the component's name with dashes ({@code noOutputTimeout} is
 * {@code no-output-timeout}). Supported are strings, numbers, booleans, enums, {@link java.time.Duration} ({@code 90s},
 * {@code 5m}, ISO-8601), {@link java.nio.file.Path}, {@link Secret}, {@link java.util.Optional}, lists, maps of strings,
 * and nested records. A component with {@link DefaultValue} may be left out, and so may an optional, a list and a map;
 * every other one is required. {@link Description} explains a component to the operator. A compact constructor may
 * check values and throw {@link IllegalArgumentException}.
 *
 * @param <S> the record that the settings are bound to; {@link NoSettings} where there are none
 */
@API(status = API.Status.STABLE, since = "1.0")
public interface WorkerFactory<S extends Record> {

  /** The name by which a configuration chooses this worker: lower case letters, digits and dashes. */
  String name();

  /** One line for the operator who lists the workers that were found. */
  default String description() {
    return "";
  }

  /** The record's class: the list of settings, their defaults and their checks come from it. */
  Class<S> settingsType();

  /**
   * Makes a worker. Called once per process and configuration, on a thread that may block.
   *
   * @param settings as the operator wrote them: complete, of the right types, without unknown keys
   * @throws SettingsException where the settings are well formed and still can't be used
   */
  Worker create(S settings);
}
