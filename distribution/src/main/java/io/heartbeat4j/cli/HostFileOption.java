package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.redaction.Redactor;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The {@code --config} option of the commands for a host. */
final class HostFileOption {

  @Option(names = "--config", paramLabel = "FILE", description = "the host's YAML file; default: HEARTBEAT_HOST_CONFIG, else etc/host.yaml of the distribution")
  private @Nullable Path config;

  /** @throws io.heartbeat4j.worker.SettingsException with every problem of the file */
  HostConfiguration read(Map<String, String> environment, Redactor redactor) {
    return HostConfiguration.read(
        file(environment), environment, RunConfiguration.pluginsDirectory(environment),
        AgentMemory.root(environment).resolve("host"), redactor::register);
  }

  private Path file(Map<String, String> environment) {
    if (config != null) {
      return config;
    }
    String own = environment.getOrDefault("HEARTBEAT_HOST_CONFIG", "");
    return own.isBlank() ? Path.of(System.getProperty("heartbeat.home", ".")).resolve("etc/host.yaml") : Path.of(own);
  }
}
