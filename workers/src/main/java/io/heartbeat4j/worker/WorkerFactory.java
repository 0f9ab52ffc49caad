package io.heartbeat4j.worker;

/**
 * The entry of a plugin, found by {@link java.util.ServiceLoader} under its {@link #name()}.
 *
 * <p>Called once per process and configuration, on a thread that may block. The thread's context class loader is the
 * plugin's own.
 */
public interface WorkerFactory {

  /** The name by which a configuration chooses this worker: lower case letters, digits and dashes. */
  String name();

  /** One line for the operator who lists the workers that were found. */
  default String description() {
    return "";
  }

  /**
   * The record that {@link #create} binds its settings to, so that {@code heartbeat workers} can list them; {@link
   * NoSettings} where there are none.
   */
  default Class<? extends Record> settingsType() {
    return NoSettings.class;
  }

  /**
   * Makes a worker.
   *
   * @throws SettingsException if the settings are wrong; every problem is named at once by {@link WorkerSettings#bind}
   */
  Worker create(WorkerSettings config);

  /** The settings of a worker that has none. */
  record NoSettings() {}
}
