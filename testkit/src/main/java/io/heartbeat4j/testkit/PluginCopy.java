package io.heartbeat4j.testkit;

import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * The class path of the tests as a directory of plugins, so that a worker is loaded a second time, by a class loader of
 * its own as in a host.
 */
final class PluginCopy {

  private PluginCopy() {}

  /** A registry that loads the worker of that name from a plugin below the directory. */
  static WorkerRegistry registry(Path directory, String name) throws IOException {
    Path plugin = Files.createDirectories(directory.resolve("plugins").resolve(name));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toUri().toString()).collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(plugin.resolve("class-path.jar")), manifest).close();
    return new WorkerRegistry(directory.resolve("plugins"), PluginCopy.class.getClassLoader());
  }

  /** The class loader of the registry's copy of the worker. */
  static WeakReference<ClassLoader> loader(WorkerRegistry registry, String name) {
    return registry.discoverAll().stream()
        .filter(found -> found instanceof WorkerRegistry.DiscoveryResult.Usable usable && usable.name().equals(name))
        .map(found -> ((WorkerRegistry.DiscoveryResult.Usable) found).factory().getClass().getClassLoader())
        .filter(loader -> !loader.equals(PluginCopy.class.getClassLoader()))
        .map(WeakReference::new)
        .findFirst().orElseThrow(() -> new AssertionError(
            "no worker named '" + name + "' was found: name its factory in META-INF/services/"
                + WorkerFactory.class.getName()));
  }
}
