package io.heartbeat4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The jars of a distribution and of plugins, by their sizes and times: an update shows in them. */
record InstalledFiles(Map<Path, List<Object>> jars) {

  /** Those that are there now; of a directory that can't be read, none. */
  static InstalledFiles in(Iterable<Path> directories) {
    Map<Path, List<Object>> jars = new HashMap<>();
    for (Path directory : directories) {
      for (Path jar : jars(directory)) {
        try {
          jars.put(jar, List.of(Files.size(jar), Files.getLastModifiedTime(jar)));
        } catch (IOException gone) {
          jars.put(jar, List.of());
        }
      }
    }
    return new InstalledFiles(jars);
  }

  private static List<Path> jars(Path directory) {
    try (Stream<Path> files = Files.walk(directory, 2)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    } catch (IOException unreadable) {
      return new ArrayList<>();
    }
  }
}
