package io.heartbeat4j.worker;

import java.util.Map;

/** A worker's settings, as an operator wrote them. */
public interface WorkerSettings {

  /**
   * Reads the settings into a record: one key per component, in the component's name with dashes ({@code
   * noOutputTimeout} is {@code no-output-timeout}; the Java spelling is accepted too). Supported: strings, numbers,
   * booleans, enums, {@link java.time.Duration} ({@code 90s}, {@code 5m}, ISO-8601), {@link java.nio.file.Path}, {@link
   * Secret}, {@link java.util.Optional}, lists, maps of strings and nested records. A component with {@link
   * DefaultValue} may be left out, and so may an optional, a list and a map; every other one is required.
   *
   * @throws SettingsException with every problem at once: unknown keys with the nearest known one, missing keys, and
   *     values of the wrong form
   */
  <T extends Record> T bind(Class<T> settings);

  /** The settings as written, with secrets not yet read: for workers that pass them on. */
  Map<String, Object> raw();
}
