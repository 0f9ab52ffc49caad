package io.heartbeat4j.cli.plugin;

import io.heartbeat4j.cli.TemporaryDirectory;
import io.heartbeat4j.plugin.PluginArchive;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.plugin.WorkerRegistry.DiscoveryResult;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directory of a distribution's plugins. A plugin is unpacked and checked in a directory of its own beside them and
 * then moved in one step, so that a host sees it as a whole or not at all. What can't be done is a {@link
 * SettingsException}.
 */
public final class PluginDirectory {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*");

  private final Path directory;
  private final ClassLoader host;

  /** @param host has the classes that plugins get from their host */
  public PluginDirectory(Path directory, ClassLoader host) {
    this.directory = directory;
    this.host = host;
  }

  /**
   * Installs the plugin of a file under the name of its first worker.
   *
   * @param sha256 the file's checksum, where it is known
   * @param replace whether it may take the place of an installed one
   */
  public InstalledPlugin install(Path file, Optional<String> sha256, boolean replace) throws IOException {
    if (sha256.isPresent() && !Checksums.sha256(file).equalsIgnoreCase(sha256.get())) {
      throw new SettingsException(file + " has the checksum " + Checksums.sha256(file) + " and not " + sha256.get()
          + ": fetch it again, or correct --sha256");
    }
    Files.createDirectories(directory);
    Path staged = Files.createTempDirectory(directory, ".install-");
    try {
      PluginArchive.unpack(file, staged);
      List<String> workers = workersOf(file, staged);
      Path target = directory.resolve(workers.get(0));
      if (Files.exists(target) && !replace) {
        throw new SettingsException(
            "the plugin '" + target.getFileName() + "' is installed (" + jars(target) + "), and "
                + file + " is another (" + jars(staged) + "): exchange it with --replace");
      }
      requireFree(workers, target);
      Checksums.write(staged);
      move(staged, target);
      return describe(target, workers, "");
    } finally {
      TemporaryDirectory.delete(staged);
    }
  }

  private List<String> workersOf(Path file, Path staged) throws IOException {
    List<String> names = new ArrayList<>();
    try (WorkerRegistry registry = new WorkerRegistry(directory, host)) {
      for (DiscoveryResult found : registry.discoverIn(staged)) {
        switch (found) {
          case DiscoveryResult.Usable usable -> names.add(usable.name());
          case DiscoveryResult.Broken broken -> throw new SettingsException(file + ": " + broken.problem());
        }
      }
    }
    if (!NAME.matcher(names.get(0)).matches()) {
      throw new SettingsException(file + ": the worker's name '" + names.get(0)
          + "' is no name for a directory: use letters, digits, dots and dashes");
    }
    return names;
  }

  /** No other plugin may have a worker of one of these names. */
  private void requireFree(List<String> workers, Path target) throws IOException {
    for (InstalledPlugin other : list()) {
      for (String worker : workers) {
        if (!other.directory().equals(target) && other.workers().contains(worker)) {
          throw new SettingsException("the worker '" + worker + "' is installed in " + other.directory() + " ("
              + jars(other.directory()) + "): remove that with 'heartbeat plugin remove " + other.name() + "' first");
        }
      }
    }
  }

  private void move(Path staged, Path target) throws IOException {
    Path before = Files.createTempDirectory(directory, ".remove-");
    try {
      if (Files.exists(target)) {
        Files.move(target, before.resolve("plugin"), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      TemporaryDirectory.delete(before);
    }
  }

  /** The plugins, in the order of their names. */
  public List<InstalledPlugin> list() throws IOException {
    Map<Path, List<DiscoveryResult>> found;
    try (WorkerRegistry registry = new WorkerRegistry(directory, host)) {
      found = registry.discoverInstalled();
    }
    List<InstalledPlugin> plugins = new ArrayList<>();
    for (Map.Entry<Path, List<DiscoveryResult>> each : found.entrySet()) {
      List<String> workers = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      for (DiscoveryResult result : each.getValue()) {
        switch (result) {
          case DiscoveryResult.Usable usable -> workers.add(usable.name());
          case DiscoveryResult.Broken broken -> problems.add(broken.problem());
        }
      }
      plugins.add(describe(each.getKey(), workers, String.join("; ", problems)));
    }
    return plugins;
  }

  /** Removes a plugin; a host that uses it keeps its classes. */
  public void remove(String name) throws IOException {
    Path plugin = directory.resolve(name);
    if (!NAME.matcher(name).matches() || !Files.isDirectory(plugin)) {
      throw new SettingsException("there is no plugin '" + name + "' in " + directory
          + ": 'heartbeat plugin list' shows the names");
    }
    Path before = Files.createTempDirectory(directory, ".remove-");
    try {
      Files.move(plugin, before.resolve("plugin"), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      TemporaryDirectory.delete(before);
    }
  }

  private static InstalledPlugin describe(Path plugin, List<String> workers, String problem) throws IOException {
    return new InstalledPlugin(plugin, workers, Checksums.verify(plugin), problem);
  }

  private static String jars(Path plugin) throws IOException {
    return String.join(", ", Checksums.jars(plugin).stream().map(jar -> String.valueOf(jar.getFileName())).toList());
  }
}
