package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerConfig;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * The workers that can be had: from {@code plugins/<name>/*.jar}, each directory with a class loader of its own, and from
 * the class path. Nothing is loaded before it is asked for; a plugin that can't be loaded harms only itself. All workers of a
 * directory share its classes, which are given up with the last of them.
 *
 * <p>Thread-safe; blocks.
 */
public final class Workers implements AutoCloseable {

  private final Path plugins;
  private final ClassLoader host;
  private final Map<Path, Opened> open = new HashMap<>();

  /** @param plugins a directory of plugin directories; it need not exist */
  public Workers(Path plugins, ClassLoader host) {
    this.plugins = plugins;
    this.host = host;
  }

  /** A directory whose classes are in use, or were looked at. */
  private static final class Opened {
    final PluginClassLoader loader;
    final List<Found> found;
    int workers;

    Opened(PluginClassLoader loader, List<Found> found) {
      this.loader = loader;
      this.found = found;
    }
  }

  /** A factory and where it was found, or the reason why a place gave none. */
  public sealed interface Found {

    /** A plugin's directory, or {@code class path}. */
    String place();

    record Usable(String place, WorkerFactory factory) implements Found {}

    record Broken(String place, String problem) implements Found {}
  }

  /**
   * The worker of that name with these settings. The directory that bears the name is looked at first, and if it has the
   * worker, nothing else is loaded.
   *
   * @throws SettingsException if there is none, there are several, or its settings are wrong
   */
  public synchronized Worker create(String name, WorkerConfig config) {
    List<Found> found = in(plugins.resolve(name));
    List<Found.Usable> matches = named(name, found);
    if (matches.isEmpty()) {
      found = all();
      matches = named(name, found);
    }
    if (matches.size() != 1) {
      throw new SettingsException(explain(name, matches, found));
    }
    WorkerFactory factory = matches.get(0).factory();
    ClassLoader loader = factory.getClass().getClassLoader();
    try (InPlugin.Entered entered = InPlugin.Entered.into(loader)) {
      Worker worker = factory.create(config);
      Optional<Opened> plugin = open.values().stream().filter(opened -> opened.loader == loader).findFirst();
      plugin.ifPresent(opened -> opened.workers++);
      return new InPlugin(worker, loader, () -> {
        if (plugin.isPresent()) {
          left(plugin.get());
        }
      });
    }
  }

  private synchronized void left(Opened plugin) throws IOException {
    plugin.workers--;
    if (plugin.workers == 0) {
      open.values().remove(plugin);
      plugin.loader.close();
    }
  }

  /** All that can be found, in the order of the directories' names, then the class path. */
  public List<Found> all() {
    List<Found> found = new ArrayList<>();
    if (Files.isDirectory(plugins)) {
      try (Stream<Path> directories = Files.list(plugins)) {
        directories.filter(Files::isDirectory).sorted().forEach(directory -> found.addAll(in(directory)));
      } catch (IOException unreadable) {
        found.add(new Found.Broken(plugins.toString(), "the directory can't be read: " + unreadable.getMessage()));
      }
    }
    found.addAll(load("class path", host));
    return found;
  }

  private synchronized List<Found> in(Path directory) {
    Opened before = open.get(directory);
    if (before != null) {
      return before.found;
    }
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(file -> jars.add(url(file)));
    } catch (IOException unreadable) {
      return List.of(new Found.Broken(directory.toString(), "the directory can't be read: " + unreadable.getMessage()));
    }
    if (jars.isEmpty()) {
      return List.of(new Found.Broken(directory.toString(), "it has no jar"));
    }
    PluginClassLoader loader = new PluginClassLoader(String.valueOf(directory.getFileName()), jars, host);
    List<Found> loaded = load(directory.toString(), loader);
    List<Found> found =
        loaded.isEmpty() ? List.of(new Found.Broken(directory.toString(), whyNothing(jars))) : List.copyOf(loaded);
    open.put(directory, new Opened(loader, found));
    return found;
  }

  private static String whyNothing(List<URL> jars) {
    return jars.stream()
        .map(jar -> Path.of(URI.create(jar.toString())))
        .flatMap(file -> damage(file).map(how -> file.getFileName() + " is not a readable jar (" + how + ")").stream())
        .findFirst()
        .orElse("no jar names a " + WorkerFactory.class.getName() + " in META-INF/services");
  }

  private static Optional<String> damage(Path file) {
    try {
      new ZipFile(file.toFile()).close();
      return Optional.empty();
    } catch (IOException damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  private static List<Found> load(String place, ClassLoader loader) {
    List<Found> found = new ArrayList<>();
    try (InPlugin.Entered entered = InPlugin.Entered.into(loader)) {
      Iterator<WorkerFactory> factories = ServiceLoader.load(WorkerFactory.class, loader).iterator();
      while (factories.hasNext()) {
        found.add(new Found.Usable(place, factories.next()));
      }
    } catch (ServiceConfigurationError | LinkageError broken) {
      found.add(new Found.Broken(place, "it does not load: " + broken.getMessage()));
    }
    return found;
  }

  private static List<Found.Usable> named(String name, List<Found> found) {
    return found.stream()
        .filter(each -> each instanceof Found.Usable usable && usable.factory().name().equals(name))
        .map(each -> (Found.Usable) each)
        .toList();
  }

  private String explain(String name, List<Found.Usable> matches, List<Found> found) {
    if (matches.size() > 1) {
      return "there is more than one worker named '" + name + "': "
          + String.join(", ", matches.stream().map(Found.Usable::place).toList()) + "; remove all but one";
    }
    List<String> names = found.stream()
        .filter(each -> each instanceof Found.Usable)
        .map(each -> ((Found.Usable) each).factory().name())
        .toList();
    List<String> broken = found.stream()
        .filter(each -> each instanceof Found.Broken)
        .map(each -> each.place() + " (" + ((Found.Broken) each).problem() + ")")
        .toList();
    String hint = Nearest.hint(name, names);
    return "there is no worker named '" + name + "'" + (hint.isEmpty() ? "." : hint)
        + " Found in " + plugins + " and on the class path: " + (names.isEmpty() ? "none" : String.join(", ", names))
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
    for (Opened plugin : open.values()) {
      plugin.loader.close();
    }
    open.clear();
  }
}
