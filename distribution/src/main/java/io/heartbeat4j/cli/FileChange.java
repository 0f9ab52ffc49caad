package io.heartbeat4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Looks every few seconds whether files have changed: works on every file system, mounted configuration included. */
final class FileChange {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private FileChange() {}

  /**
   * Runs the action, on a thread of its own, after each change.
   *
   * @param paths files, and directories whose files count
   */
  static void watch(List<Path> paths, Runnable action) {
    Thread.ofVirtual().name("configuration-watch").start(() -> {
      List<String> before = look(paths);
      while (pause()) {
        List<String> now = look(paths);
        if (!now.equals(before)) {
          before = now;
          action.run();
        }
      }
    });
  }

  private static boolean pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
      return true;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> look(List<Path> paths) {
    return paths.stream().flatMap(FileChange::files).sorted().map(FileChange::state).toList();
  }

  private static Stream<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return Stream.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.toList().stream();
    } catch (IOException unreadable) {
      return Stream.empty();
    }
  }

  private static String state(Path file) {
    try {
      return file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException gone) {
      return file + " is not there";
    }
  }
}
