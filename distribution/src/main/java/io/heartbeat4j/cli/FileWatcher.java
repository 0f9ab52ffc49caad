package io.heartbeat4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Detects changed files by polling, which works on every file system, also on mounted ConfigMaps. A change counts when
 * nothing has changed since the poll before, so that files which are being written are not read by halves.
 */
final class FileWatcher {

  private FileWatcher() {}

  /**
   * Runs the action after each change, on a separate thread.
   *
   * @param paths files, and directories whose files are watched at every depth
   */
  static void watch(List<Path> paths, Duration interval, Runnable action) {
    Thread.ofVirtual().name("configuration-watch").start(() -> {
      List<String> known = snapshot(paths);
      List<String> before = known;
      while (sleep(interval)) {
        List<String> now = snapshot(paths);
        if (now.equals(before) && !now.equals(known)) {
          known = now;
          action.run();
        }
        before = now;
      }
    });
  }

  private static boolean sleep(Duration interval) {
    try {
      Thread.sleep(interval);
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
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException | UncheckedIOException unreadable) {
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
