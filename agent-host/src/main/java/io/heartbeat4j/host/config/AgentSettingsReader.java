package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is written of each agent: in the host's file or in a file of its own, over the defaults. */
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

  /** Where agents have files of their own. */
  static Path agentsDirectory(HostFileSchema host, YamlFile file) {
    return host.agentsDir().orElse(file.path().toAbsolutePath().resolveSibling("agents"));
  }

  /** Name to what is written of the agent, and where it says nothing, what the defaults say. */
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
            path + ": there is an agent '" + name + "' already; rename the file or remove the other one"));
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
