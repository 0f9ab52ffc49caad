package io.heartbeat4j.plugin;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
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

  @Override
  public String toString() {
    return getName();
  }
}
