package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The workers that can be had: from {@code plugins/<name>/*.jar}, each directory with a class loader of its own, from
 * the directory of a plugin that is not installed, and from the class path. Nothing is loaded before it is asked for; a
 * plugin that can't be loaded harms only itself. All workers of a directory share its classes, which are given up with
 * the last of them.
 *
 * <p>Thread-safe; blocks.
 */
public final class WorkerRegistry implements AutoCloseable {

  private static final String SERVICE = "META-INF/services/" + WorkerFactory.class.getName();

  private final Path plugins;
  private final Optional<Path> developed;
  private final ClassLoader host;
  private final Map<Path, LoadedPlugin> loaded = new HashMap<>();

  /** @param plugins a directory of plugin directories; it need not exist */
  public WorkerRegistry(Path plugins, ClassLoader host) {
    this(plugins, Optional.empty(), host);
  }

  /**
   * With a plugin that is not installed.
   *
   * @param developed its directory, of jars or of classes, such as Maven's {@code target/classes}: its workers are used
   *     instead of installed ones of their names
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
  public synchronized Worker create(String name, SettingsReader settings) {
    WorkerFactory<?> factory = factory(name);
    ClassLoader loader = factory.getClass().getClassLoader();
    try (PluginWorker.ClassLoaderScope classLoaderScope = PluginWorker.ClassLoaderScope.enter(loader)) {
      Worker worker = settings.createWorker(factory);
      Optional<LoadedPlugin> plugin = loaded.values().stream().filter(loadedPlugin -> loadedPlugin.loader == loader)
          .findFirst();
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

  private WorkerFactory<?> factory(String name) {
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
    List<String> files = matches.stream().flatMap(WorkerRegistry::files).distinct().toList();
    if (matches.size() > 1 || files.size() > 1) {
      throw new SettingsException("there is more than one worker named '" + name + "': " + String.join(", ", files)
          + "; remove all but one");
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
    if (Files.isDirectory(plugins)) {
      try (Stream<Path> directories = Files.list(plugins)) {
        directories.filter(Files::isDirectory).sorted().forEach(directory -> found.addAll(discoverIn(directory)));
      } catch (IOException unreadable) {
        found.add(
            new DiscoveryResult.Broken(plugins.toString(), "the directory can't be read: " + unreadable.getMessage()));
      }
    }
    found.addAll(load("class path", host));
    return found;
  }

  private synchronized List<DiscoveryResult> discoverIn(Path directory) {
    LoadedPlugin before = loaded.get(directory);
    if (before != null) {
      return before.discovered;
    }
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<URL> jars = new ArrayList<>();
    if (Files.exists(directory.resolve(SERVICE))) {
      jars.add(url(directory));
    }
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(file -> jars.add(url(file)));
    } catch (IOException unreadable) {
      return List.of(
          new DiscoveryResult.Broken(directory.toString(), "the directory can't be read: " + unreadable.getMessage()));
    }
    if (jars.isEmpty()) {
      return List.of(new DiscoveryResult.Broken(directory.toString(), "it has no jar and no " + SERVICE));
    }
    PluginClassLoader loader = new PluginClassLoader(String.valueOf(directory.getFileName()), jars, host);
    List<DiscoveryResult> factories = load(directory.toString(), loader);
    List<DiscoveryResult> found = factories.isEmpty()
        ? List.of(new DiscoveryResult.Broken(directory.toString(), describeMissingFactory(jars)))
        : List.copyOf(factories);
    loaded.put(directory, new LoadedPlugin(loader, found));
    return found;
  }

  private static String describeMissingFactory(List<URL> jars) {
    return jars.stream()
        .map(jar -> Path.of(URI.create(jar.toString())))
        .filter(Files::isRegularFile)
        .flatMap(file -> describeDamage(file).map(how -> file.getFileName() + " is not a readable jar (" + how + ")")
            .stream())
        .findFirst()
        .orElse("no jar names a " + WorkerFactory.class.getName() + " in META-INF/services");
  }

  private static Optional<String> describeDamage(Path file) {
    try {
      new ZipFile(file.toFile()).close();
      return Optional.empty();
    } catch (IOException damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
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
      found.add(new DiscoveryResult.Broken(place, "it does not load: " + broken.getMessage()));
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

  /**
   * Where a worker comes from. An old version that was left beside the new one has the same classes: then it is several
   * files, and which one is loaded depends on their names.
   */
  private static Stream<String> files(DiscoveryResult.Usable usable) {
    Class<?> factory = usable.factory().getClass();
    if (factory.getClassLoader() instanceof PluginClassLoader plugin) {
      return plugin.jarsWith(factory).stream().map(Path::toString);
    }
    CodeSource source = factory.getProtectionDomain().getCodeSource();
    return Stream.of(source == null || source.getLocation() == null
        ? usable.place()
        : usable.place() + " (" + source.getLocation().getPath() + ")");
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
