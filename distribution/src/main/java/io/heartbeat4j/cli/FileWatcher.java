package io.heartbeat4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Detects changed files by polling every few seconds, which works on every file system, also on mounted ConfigMaps. */
final class FileWatcher {

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  private FileWatcher() {}

  /**
   * Runs the action after each change, on a separate thread.
   *
   * @param paths files, and directories whose files are watched
   */
  static void watch(List<Path> paths, Runnable action) {
    Thread.ofVirtual().name("configuration-watch").start(() -> {
      List<String> before = snapshot(paths);
      while (sleep()) {
        List<String> now = snapshot(paths);
        if (!now.equals(before)) {
          before = now;
          action.run();
        }
      }
    });
  }

  private static boolean sleep() {
    try {
      Thread.sleep(POLL_INTERVAL);
      return true;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> snapshot(List<Path> paths) {
    return paths.stream().flatMap(FileWatcher::files).sorted().map(FileWatcher::fingerprint).toList();
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

  private static String fingerprint(Path file) {
    try {
      return file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException gone) {
      return file + " is not there";
    }
  }
}
