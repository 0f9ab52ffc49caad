package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.redaction.Redactor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The {@code --config} option of the commands for a host. */
final class HostFileOption {

  @Option(names = "--config", paramLabel = "FILE", description = "the host's YAML file; default: HEARTBEAT_HOST_CONFIG, else etc/host.yaml of the distribution")
  private @Nullable Path config;

  /**
   * Reads the file, and warns of files with secrets that others can read.
   *
   * @throws io.heartbeat4j.worker.SettingsException with every problem of the file
   */
  HostConfiguration read(Map<String, String> environment, Redactor redactor) {
    Set<String> secrets = new HashSet<>();
    HostConfiguration host = HostConfiguration.read(
        file(environment), environment, RunConfiguration.pluginsDirectory(environment),
        AgentMemory.root(environment).resolve("host"), secret -> {
          redactor.register(secret);
          secrets.add(secret);
        });
    try {
      ExposedFiles.find(host, secrets).forEach(exposed -> System.err.println("heartbeat: warning: " + exposed));
    } catch (IOException unreadable) {
      System.err.println("heartbeat: warning: who can read the files of the host can't be checked: " + unreadable);
    }
    return host;
  }

  private Path file(Map<String, String> environment) {
    if (config != null) {
      return config;
    }
    String own = environment.getOrDefault("HEARTBEAT_HOST_CONFIG", "");
    return own.isBlank() ? Path.of(System.getProperty("heartbeat.home", ".")).resolve("etc/host.yaml") : Path.of(own);
  }
}
