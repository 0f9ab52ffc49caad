package io.heartbeat4j.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * The classes of one plugin. Only the SPI, the protocol's data and the annotations and logging API come from the host;
 * all else is the plugin's own or the JDK's, so that two plugins may bring different versions of a library.
 */
final class PluginClassLoader extends URLClassLoader {

  private static final List<String> SHARED = List.of(
      "io.heartbeat4j.worker.", "io.heartbeat4j.protocol.", "com.fasterxml.jackson.annotation.",
      "org.jspecify.annotations.", "org.slf4j.");

  private final ClassLoader host;

  static {
    registerAsParallelCapable();
  }

  PluginClassLoader(String name, List<URL> jars, ClassLoader host) {
    super("plugin-" + name, jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    this.host = host;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return isShared(name) ? host.loadClass(name) : super.loadClass(name, resolve);
  }

  /** A plugin below the SPI's own package, such as io.heartbeat4j.worker.shell, is the plugin's. */
  private static boolean isShared(String name) {
    for (String prefix : SHARED) {
      if (name.startsWith(prefix)) {
        return !prefix.equals("io.heartbeat4j.worker.") || name.indexOf('.', prefix.length()) < 0;
      }
    }
    return false;
  }

  /** The service descriptors of the plugin's own jars only. */
  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.startsWith("META-INF/services/") ? findResources(name) : super.getResources(name);
  }

  /** The plugin's jars that have this class; the first one's is the class that is loaded. */
  List<Path> jarsWith(Class<?> type) {
    List<Path> jars = new ArrayList<>();
    try {
      for (URL found : Collections.list(findResources(type.getName().replace('.', '/') + ".class"))) {
        if (found.openConnection() instanceof JarURLConnection inJar) {
          jars.add(Path.of(URI.create(inJar.getJarFileURL().toString())));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return jars;
  }

  @Override
  public String toString() {
    return getName();
  }
}
