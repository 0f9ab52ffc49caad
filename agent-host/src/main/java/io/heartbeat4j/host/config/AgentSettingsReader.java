package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the settings of each agent, from the host's file or from the agent's own file, and merges them with the defaults. */
final class AgentSettingsReader {

  private final HostFileSchema host;
  private final Path agentsDirectory;
  private final ProblemCollector problemCollector;
  private final Map<String, Map<String, Object>> settingsByAgent = new LinkedHashMap<>();

  private AgentSettingsReader(HostFileSchema host, Path directory, ProblemCollector problemCollector) {
    this.host = host;
    this.agentsDirectory = directory;
    this.problemCollector = problemCollector;
  }

  /** The directory of the agents' own files. */
  static Path agentsDirectory(HostFileSchema host, YamlFile file) {
    return host.agentsDir().orElse(file.path().toAbsolutePath().resolveSibling("agents"));
  }

  /** Returns the settings by agent name. A key that an agent does not set has the value of the defaults. */
  static Map<String, Map<String, Object>> read(HostFileSchema host, YamlFile file, ProblemCollector problemCollector) {
    AgentSettingsReader written = new AgentSettingsReader(host, agentsDirectory(host, file), problemCollector);
    host.agents().forEach(written::addWithDefaults);
    written.readDirectory();
    return written.settingsByAgent;
  }

  private void readDirectory() {
    if (Files.isDirectory(agentsDirectory)) {
      try (Stream<Path> files = Files.list(agentsDirectory)) {
        files.filter(each -> each.toString().endsWith(".yaml")).sorted().forEach(this::readFile);
      } catch (IOException unreadable) {
        problemCollector.report("agents-dir", "the directory " + agentsDirectory + " can't be read");
      }
    } else if (host.agentsDir().isPresent()) {
      problemCollector.report("agents-dir", agentsDirectory + " is not a directory");
    }
  }

  private void readFile(Path path) {
    String name = String.valueOf(path.getFileName()).replaceFirst("\\.yaml$", "");
    try {
      YamlFile own = YamlFile.read(path);
      if (settingsByAgent.containsKey(name)) {
        problemCollector.addAll(List.of(
            path + ": there is already an agent '" + name + "'; rename the file or remove the other agent"));
        return;
      }
      problemCollector.registerAgentFile(own, name);
      addWithDefaults(name, own.values());
    } catch (SettingsException malformed) {
      problemCollector.addAll(malformed.problems());
    }
  }

  private void addWithDefaults(String name, Map<String, Object> values) {
    Map<String, Object> own = new LinkedHashMap<>(host.defaults());
    own.putAll(values);
    settingsByAgent.put(name, own);
  }
}
