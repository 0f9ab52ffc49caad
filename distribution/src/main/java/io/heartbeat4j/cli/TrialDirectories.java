package io.heartbeat4j.cli;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The directories of one trial, which are deleted after it; a fresh workspace is kept, since it may hold the result. */
record TrialDirectories(Path root) implements AutoCloseable {

  static TrialDirectories create() throws IOException {
    Path root = Files.createTempDirectory("heartbeat-try-run-");
    Files.createDirectory(root.resolve("scratch"));
    return new TrialDirectories(root);
  }

  Path state() {
    return root.resolve("state");
  }

  /** The jars of a worker that is not installed. */
  Path worker() {
    return root.resolve("worker");
  }

  Path scratch() {
    return root.resolve("scratch");
  }

  /**
   * Copies files into a workspace, under their names.
   *
   * @param given the workspace; a fresh one is created without it
   * @throws SettingsException if the workspace has another file of such a name
   */
  static Path prepareWorkspace(Optional<Path> given, List<Path> files) throws IOException {
    Path workspace = given.isPresent() ? given.get().toAbsolutePath().normalize()
        : Files.createTempDirectory("heartbeat-try-");
    for (Path file : files) {
      Path copy = workspace.resolve(String.valueOf(file.getFileName()));
      if (!Files.exists(copy)) {
        Files.copy(file, copy);
      } else if (!Files.isRegularFile(copy) || Files.mismatch(file, copy) != -1) {
        throw new SettingsException("the attachment " + file + " would overwrite " + copy
            + ": rename one of them, or choose another workspace");
      }
    }
    return workspace;
  }

  @Override
  public void close() throws IOException {
    TemporaryDirectory.delete(root);
  }
}
