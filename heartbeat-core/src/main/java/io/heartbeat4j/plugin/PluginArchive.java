package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A plugin as one file: a zip with its jars at the top, or a jar that needs no other. */
public final class PluginArchive {

  private PluginArchive() {}

  /**
   * Puts the plugin's jars into the directory.
   *
   * @throws SettingsException if the file can't be used
   */
  public static void unpack(Path file, Path directory) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new SettingsException(file + " does not exist: build the plugin, or correct the path");
      }
      Files.createDirectories(directory);
      if (file.toString().endsWith(".jar")) {
        Files.copy(file, directory.resolve(String.valueOf(file.getFileName())));
      } else if (file.toString().endsWith(".zip")) {
        unzip(file, directory);
      } else {
        throw new SettingsException(file + " is neither a jar nor a plugin zip: name one of them");
      }
    } catch (IOException unreadable) {
      throw new SettingsException(file + " can't be read (" + unreadable.getMessage() + "): build or copy it again");
    }
  }

  private static void unzip(Path file, Path directory) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      zip.stream().forEach(entry -> requireInside(file, entry));
      for (ZipEntry entry : zip.stream().filter(PluginArchive::isPluginJar).toList()) {
        try (InputStream jar = zip.getInputStream(entry)) {
          Files.copy(jar, directory.resolve(entry.getName()));
        }
      }
    }
  }

  private static void requireInside(Path file, ZipEntry entry) {
    String name = entry.getName().replace('\\', '/');
    if (name.startsWith("/") || ("/" + name + "/").contains("/../")) {
      throw new SettingsException(file + ": the entry '" + entry.getName() + "' leads out of the plugin's directory;"
          + " nothing is unpacked. Do not use this file, or build it again");
    }
  }

  private static boolean isPluginJar(ZipEntry entry) {
    return entry.getName().endsWith(".jar") && !entry.getName().contains("/") && !entry.getName().contains("\\");
  }
}
