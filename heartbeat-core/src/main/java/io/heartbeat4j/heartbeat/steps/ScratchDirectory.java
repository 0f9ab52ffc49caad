package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.storage.OwnerOnlyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The temporary directory of one call of the worker: created at first use, deleted once the work has ended.
 * Thread-safe.
 */
final class ScratchDirectory {

  private final Path parent;
  private final String prefix;
  private @Nullable Path created;

  ScratchDirectory(Path parent, String label) {
    this.parent = parent;
    this.prefix = "heartbeat-" + label + "-";
  }

  /** Blocks. @throws UncheckedIOException if it can't be created */
  synchronized Path path() {
    Path existing = created;
    if (existing != null) {
      return existing;
    }
    try {
      OwnerOnlyFiles.createDirectories(parent);
      Path made = Files.createTempDirectory(parent, prefix);
      created = made;
      return made;
    } catch (IOException unwritable) {
      throw new UncheckedIOException("no scratch directory can be created in " + parent
          + ": set TMPDIR to a directory that this user can write", unwritable);
    }
  }

  synchronized boolean isCreated() {
    return created != null;
  }

  /**
   * Blocks. What can't be deleted, as when a worker that ignored its interruption still writes there, is left behind.
   */
  synchronized void delete() {
    Path existing = created;
    if (existing == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(existing)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException left) {
      // the operating system's or the server's cleaning of temporary files takes it
    }
  }
}
