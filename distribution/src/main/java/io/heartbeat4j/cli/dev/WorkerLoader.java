package io.heartbeat4j.cli.dev;

import io.heartbeat4j.cli.TemporaryDirectory;
import io.heartbeat4j.cli.project.ProjectFiles;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.plugin.WorkerRegistry.DiscoveryResult;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads the project's worker, each time from a copy of its files and with a class loader of its own. */
final class WorkerLoader {

  private final ProjectFiles files;
  private final Optional<String> chosen;
  private final Map<String, String> environment;
  private final Redactor redactor;
  private final Path copies;
  private int loads;

  /**
   * @param chosen the worker's name; overrides that of the settings file
   * @param copies a directory for the copies
   */
  WorkerLoader(ProjectFiles files, Optional<String> chosen, Map<String, String> environment, Redactor redactor,
      Path copies) {
    this.files = files;
    this.chosen = chosen;
    this.environment = environment;
    this.redactor = redactor;
    this.copies = copies;
  }

  /**
   * Loads the worker with its settings as they are now.
   *
   * @throws SettingsException with what is wrong with the project or its settings
   */
  LoadedWorker load() {
    int number = ++loads;
    Path copy = copies.resolve(Integer.toString(number));
    WorkerRegistry registry = new WorkerRegistry(copy, new HostClasses(WorkerFactory.class.getClassLoader()));
    try {
      DevSettings settings = DevSettings.read(files.settings(), environment, redactor::register);
      files.copyTo(copy.resolve("project"));
      String name = choose(registry.discoverAll(), settings);
      Worker worker = registry.create(name, new SettingsReader(settings.workerSettings(), environment,
          files.settings().getFileName() + ": worker.settings", redactor::register));
      return new LoadedWorker(number, name, worker, settings, () -> discard(registry, copy));
    } catch (SettingsException wrong) {
      discard(registry, copy);
      throw wrong;
    } catch (RuntimeException | LinkageError broken) {
      discard(registry, copy);
      throw new SettingsException("the worker of " + files.path() + " can't be made: " + broken);
    }
  }

  private String choose(List<DiscoveryResult> found, DevSettings settings) {
    List<String> names = found.stream()
        .flatMap(each -> each instanceof DiscoveryResult.Usable usable ? Optional.of(usable.name()).stream()
            : Optional.<String>empty().stream())
        .toList();
    Optional<String> wanted = chosen.or(settings::workerName);
    if (wanted.isPresent() && names.contains(wanted.get())) {
      return wanted.get();
    }
    List<String> problems = found.stream()
        .flatMap(each -> each instanceof DiscoveryResult.Broken broken ? Optional.of(broken.problem()).stream()
            : Optional.<String>empty().stream())
        .toList();
    if (!problems.isEmpty()) {
      throw new SettingsException(files.classes() + ": " + String.join("; ", problems)
          + ": mend the class, or the line in META-INF/services, and build again");
    }
    if (wanted.isPresent()) {
      throw new SettingsException(files.classes() + " has no worker named '" + wanted.get() + "'; it has "
          + String.join(", ", names) + ": set --worker, or worker.name in dev.yaml, to one of them");
    }
    if (names.size() > 1) {
      throw new SettingsException(files.classes() + " has several workers, " + String.join(", ", names)
          + ": choose one with --worker NAME, or worker.name in dev.yaml");
    }
    return names.get(0);
  }

  private static void discard(WorkerRegistry registry, Path copy) {
    try {
      registry.close();
      TemporaryDirectory.delete(copy);
    } catch (IOException undeletable) {
      System.err.println("heartbeat: the copy of the classes in " + copy + " can't be deleted: "
          + undeletable.getMessage());
    }
  }
}
