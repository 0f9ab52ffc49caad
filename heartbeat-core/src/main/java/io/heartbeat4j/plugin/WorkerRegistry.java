package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.ResidentWorkerFactory;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The workers that can be had: from {@code plugins/<name>/*.jar}, each directory with a class loader of its own, from
 * the directory of a plugin that is not installed, and from the class path. Nothing is loaded before it is asked for; a
 * plugin that can't be loaded harms only itself. All workers of a directory share its classes, which are given up with
 * the last of them.
 *
 * <p>Thread-safe; blocks.
 */
public final class WorkerRegistry implements AutoCloseable {

  private final Path plugins;
  private final Optional<Path> developed;
  private final ClassLoader host;
  private final Map<Path, LoadedPlugin> loaded = new HashMap<>();
  private final Set<ClassLoader> kept = new HashSet<>();

  /** @param plugins a directory of plugin directories; it need not exist */
  public WorkerRegistry(Path plugins, ClassLoader host) {
    this(plugins, Optional.empty(), host);
  }

  /**
   * With a plugin that is not installed.
   *
   * @param developed the directory of its jars: its workers are used instead of installed ones of their names
   */
  public WorkerRegistry(Path plugins, Optional<Path> developed, ClassLoader host) {
    this.plugins = plugins;
    this.developed = developed;
    this.host = host;
  }

  /** A directory whose classes are in use, or were looked at. */
  private static final class LoadedPlugin {
    final PluginClassLoader loader;
    final List<DiscoveryResult> discovered;
    int openWorkers;

    LoadedPlugin(PluginClassLoader loader, List<DiscoveryResult> found) {
      this.loader = loader;
      this.discovered = found;
    }
  }

  /** A factory and where it was found, or the reason why a place gave none. */
  public sealed interface DiscoveryResult {

    /** A plugin's directory, or {@code class path}. */
    String place();

    /** A factory, with the name that it said when it was found. */
    record Usable(String place, String name, WorkerFactory<?> factory) implements DiscoveryResult {}

    record Broken(String place, String problem) implements DiscoveryResult {}
  }

  /**
   * The worker of that name with these settings. The directory that bears the name is looked at first, and if it has
   * the worker, nothing else is loaded.
   *
   * @throws SettingsException if there is none, there are several, or its settings are wrong
   */
  public Worker create(String name, SettingsReader settings) {
    return create(factory(name), settings::createWorker);
  }

  /**
   * The worker of that name for a run with that environment; its classes stay loaded until the registry is closed.
   *
   * @throws SettingsException as for {@link #create(String, SettingsReader)}, or if the worker is not {@link
   *     #isResident}
   */
  public Worker create(String name, SettingsReader settings, Map<String, String> environment) {
    WorkerFactory<?> factory = factory(name);
    if (factory instanceof ResidentWorkerFactory<?> resident) {
      return create(factory, same -> settings.createWorker(resident, environment));
    }
    throw new SettingsException("the worker '" + name + "' needs a process of its own for each run");
  }

  /**
   * Whether workers of that name may share a process; loads its classes, and keeps them until the registry is closed.
   *
   * @throws SettingsException if there is none, or there are several
   */
  public synchronized boolean isResident(String name) {
    WorkerFactory<?> factory = factory(name);
    if (kept.add(factory.getClass().getClassLoader())) {
      plugin(factory).ifPresent(loadedPlugin -> loadedPlugin.openWorkers++);
    }
    return factory instanceof ResidentWorkerFactory<?>;
  }

  private Optional<LoadedPlugin> plugin(WorkerFactory<?> factory) {
    return loaded.values().stream().filter(found -> found.loader == factory.getClass().getClassLoader()).findFirst();
  }

  private synchronized Worker create(WorkerFactory<?> factory, Function<WorkerFactory<?>, Worker> creation) {
    ClassLoader loader = factory.getClass().getClassLoader();
    try (PluginWorker.ClassLoaderScope classLoaderScope = PluginWorker.ClassLoaderScope.enter(loader)) {
      Worker worker = creation.apply(factory);
      Optional<LoadedPlugin> plugin = plugin(factory);
      plugin.ifPresent(loadedPlugin -> loadedPlugin.openWorkers++);
      return new PluginWorker(worker, loader, () -> {
        if (plugin.isPresent()) {
          release(plugin.get());
        }
      });
    }
  }

  /**
   * The settings of the worker of that name.
   *
   * @throws SettingsException if there is none, or there are several
   */
  public synchronized Class<? extends Record> settingsType(String name) {
    return factory(name).settingsType();
  }

  private synchronized WorkerFactory<?> factory(String name) {
    List<DiscoveryResult> found = developed.map(this::discoverIn).orElse(List.of());
    List<DiscoveryResult.Usable> matches = filterByName(name, found);
    if (matches.isEmpty()) {
      found = discoverIn(plugins.resolve(name));
      matches = filterByName(name, found);
    }
    if (matches.isEmpty()) {
      found = discoverAll();
      matches = filterByName(name, found);
    }
    if (matches.isEmpty()) {
      throw new SettingsException(describeMissing(name, found));
    }
    if (matches.size() > 1) {
      throw new SettingsException("there is more than one worker named '" + name + "': "
          + String.join(", ", matches.stream().map(WorkerRegistry::file).distinct().toList()) + "; remove all but one");
    }
    return matches.get(0).factory();
  }

  private synchronized void release(LoadedPlugin plugin) throws IOException {
    plugin.openWorkers--;
    if (plugin.openWorkers == 0) {
      loaded.values().remove(plugin);
      plugin.loader.close();
    }
  }

  /** All that can be found: what is not installed, then in the order of the directories' names, then the class path. */
  public List<DiscoveryResult> discoverAll() {
    List<DiscoveryResult> found = new ArrayList<>(developed.map(this::discoverIn).orElse(List.of()));
    try {
      discoverInstalled().values().forEach(found::addAll);
    } catch (IOException unreadable) {
      found.addAll(broken(plugins, "the directory can't be read: " + unreadable.getMessage()));
    }
    found.addAll(load("class path", host));
    return found;
  }

  /** What is found in each directory of an installed plugin, in the order of their names. */
  public Map<Path, List<DiscoveryResult>> discoverInstalled() throws IOException {
    Map<Path, List<DiscoveryResult>> found = new LinkedHashMap<>();
    if (Files.isDirectory(plugins)) {
      try (Stream<Path> directories = Files.list(plugins)) {
        directories.filter(WorkerRegistry::isPlugin).sorted()
            .forEach(directory -> found.put(directory, discoverIn(directory)));
      }
    }
    return found;
  }

  /** A directory whose name begins with a dot is one that is being installed. */
  private static boolean isPlugin(Path directory) {
    return Files.isDirectory(directory) && !String.valueOf(directory.getFileName()).startsWith(".");
  }

  /** What is found in the directory of one plugin. */
  public synchronized List<DiscoveryResult> discoverIn(Path directory) {
    LoadedPlugin before = loaded.get(directory);
    if (before != null) {
      return before.discovered;
    }
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> jars;
    try (Stream<Path> files = Files.list(directory)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException unreadable) {
      return broken(directory, "the directory can't be read: " + unreadable.getMessage());
    }
    if (jars.isEmpty()) {
      return broken(directory, "it has no jar at its top: unpack the plugin's zip into it");
    }
    List<String> problems = PluginRules.check(jars);
    if (!problems.isEmpty()) {
      return broken(directory, String.join("; ", problems));
    }
    PluginClassLoader loader = new PluginClassLoader(String.valueOf(directory.getFileName()),
        jars.stream().map(WorkerRegistry::url).toList(), host);
    List<DiscoveryResult> factories = load(directory.toString(), loader);
    List<DiscoveryResult> found = factories.isEmpty()
        ? broken(directory, "no jar names a worker factory: write its class name into " + PluginRules.SERVICE)
        : List.copyOf(factories);
    loaded.put(directory, new LoadedPlugin(loader, found));
    return found;
  }

  private static List<DiscoveryResult> broken(Path directory, String problem) {
    return List.of(new DiscoveryResult.Broken(directory.toString(), problem));
  }

  private static List<DiscoveryResult> load(String place, ClassLoader loader) {
    List<DiscoveryResult> found = new ArrayList<>();
    try (PluginWorker.ClassLoaderScope classLoaderScope = PluginWorker.ClassLoaderScope.enter(loader)) {
      @SuppressWarnings("rawtypes") // a class literal has no type argument
      Iterator<WorkerFactory> factories = ServiceLoader.load(WorkerFactory.class, loader).iterator();
      while (factories.hasNext()) {
        found.add(describe(place, factories.next()));
      }
    } catch (ServiceConfigurationError | LinkageError broken) {
      found.add(new DiscoveryResult.Broken(place, "it does not load: " + broken.getMessage()
          + ". A factory is a public class with a public constructor without parameters"));
    }
    return found;
  }

  /** A plugin need not keep to the annotations of the SPI: its name may be null. */
  private static DiscoveryResult describe(String place, WorkerFactory<?> factory) {
    String problem;
    try {
      String name = factory.name();
      if (name != null && !name.isBlank()) {
        return new DiscoveryResult.Usable(place, name, factory);
      }
      problem = "gives no name";
    } catch (RuntimeException | LinkageError broken) {
      problem = "can't say its name: " + broken;
    }
    return new DiscoveryResult.Broken(place, factory.getClass().getName() + " " + problem);
  }

  private static List<DiscoveryResult.Usable> filterByName(String name, List<DiscoveryResult> found) {
    return found.stream()
        .filter(each -> each instanceof DiscoveryResult.Usable usable && usable.name().equals(name))
        .map(each -> (DiscoveryResult.Usable) each)
        .toList();
  }

  /** The jar of a worker, or where it was found. */
  private static String file(DiscoveryResult.Usable usable) {
    CodeSource source = usable.factory().getClass().getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null ? usable.place()
        : usable.place() + " (" + source.getLocation().getPath() + ")";
  }

  private String describeMissing(String name, List<DiscoveryResult> found) {
    List<String> names = found.stream()
        .filter(each -> each instanceof DiscoveryResult.Usable)
        .map(each -> ((DiscoveryResult.Usable) each).name())
        .toList();
    List<String> broken = found.stream()
        .filter(each -> each instanceof DiscoveryResult.Broken)
        .map(each -> each.place() + " (" + ((DiscoveryResult.Broken) each).problem() + ")")
        .toList();
    String hint = NameSuggestion.didYouMean(name, names);
    return "there is no worker named '" + name + "'" + (hint.isEmpty() ? "." : hint)
        + " Found in " + developed.map(directory -> directory + ", in ").orElse("") + plugins
        + " and on the class path: " + (names.isEmpty() ? "none" : String.join(", ", names))
        + (broken.isEmpty() ? "" : ". Not usable: " + String.join("; ", broken));
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (LoadedPlugin plugin : loaded.values()) {
      plugin.loader.close();
    }
    loaded.clear();
  }
}
