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
final class WrittenAgents {

  private final HostFile host;
  private final Path directory;
  private final Problems problems;
  private final Map<String, Map<String, Object>> all = new LinkedHashMap<>();

  private WrittenAgents(HostFile host, Path directory, Problems problems) {
    this.host = host;
    this.directory = directory;
    this.problems = problems;
  }

  /** Where agents have files of their own. */
  static Path directory(HostFile host, YamlFile file) {
    return host.agentsDir().orElse(file.path().toAbsolutePath().resolveSibling("agents"));
  }

  /** Name to what is written of the agent, and where it says nothing, what the defaults say. */
  static Map<String, Map<String, Object>> read(HostFile host, YamlFile file, Problems problems) {
    WrittenAgents written = new WrittenAgents(host, directory(host, file), problems);
    host.agents().forEach(written::add);
    written.readDirectory();
    return written.all;
  }

  private void readDirectory() {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(each -> each.toString().endsWith(".yaml")).sorted().forEach(this::readFile);
      } catch (IOException unreadable) {
        problems.at("agents-dir", "the directory " + directory + " can't be read");
      }
    } else if (host.agentsDir().isPresent()) {
      problems.at("agents-dir", directory + " is not a directory");
    }
  }

  private void readFile(Path path) {
    String name = String.valueOf(path.getFileName()).replaceFirst("\\.yaml$", "");
    try {
      YamlFile own = YamlFile.read(path);
      if (all.containsKey(name)) {
        problems.told(List.of(
            path + ": there is an agent '" + name + "' already; rename the file or remove the other one"));
        return;
      }
      problems.isIn(own, name);
      add(name, own.values());
    } catch (SettingsException malformed) {
      problems.told(malformed.problems());
    }
  }

  private void add(String name, Map<String, Object> values) {
    Map<String, Object> own = new LinkedHashMap<>(host.defaults());
    own.putAll(values);
    all.put(name, own);
  }
}
