package io.heartbeat4j.cli.dev;

import io.heartbeat4j.cli.ConfigurationFile;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.worker.DefaultValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The file {@code dev.yaml}.
 *
 * @param workspace the directory that the worker works in, relative to the file; a temporary one where absent
 * @param timeout of the work; 0 is without a limit, as a breakpoint needs it
 */
record DevSettings(Optional<WorkerSection> worker, Optional<Path> workspace, @DefaultValue("2h") Duration timeout) {

  record WorkerSection(Optional<String> name, Map<String, Object> settings) {}

  /**
   * Reads the file; one that does not exist has only defaults.
   *
   * @throws io.heartbeat4j.worker.SettingsException if it is wrong
   */
  static DevSettings read(Path file, Map<String, String> environment, Consumer<String> secrets) {
    Map<String, Object> written = Files.exists(file) ? ConfigurationFile.read(file) : Map.of();
    return new SettingsReader(written, environment, String.valueOf(file.getFileName()), secrets)
        .bind(DevSettings.class);
  }

  Optional<String> workerName() {
    return worker.flatMap(WorkerSection::name);
  }

  Map<String, Object> workerSettings() {
    return worker.map(WorkerSection::settings).orElse(Map.of());
  }
}
