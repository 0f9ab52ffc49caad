package io.heartbeat4j.worker.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.process.RunAs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that a command is given for one run. They are in the run's scratch directory; for another user, in a
 * directory of its own, because the host's directories are closed to other users.
 */
final class CommandFiles implements AutoCloseable {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
      .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final Optional<RunAs> user;
  private final Map<String, String> variables = new HashMap<>();

  private CommandFiles(Path directory, Optional<RunAs> user) {
    this.directory = directory;
    this.user = user;
  }

  static CommandFiles create(WorkContext context, Optional<RunAs> user, byte[] issue, Map<String, Secret> secrets)
      throws IOException {
    CommandFiles files = new CommandFiles(
        user.isPresent() ? Files.createTempDirectory("heartbeat-") : context.workspace().scratchDirectory(), user);
    try {
      files.write(context, issue, secrets);
      return files;
    } catch (IOException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  private void write(WorkContext context, byte[] issue, Map<String, Secret> secrets) throws IOException {
    variables.put("HEARTBEAT_SCRATCH_DIR", directory.toString());
    variables.put(ShellWorker.RESULT_FILE, resultFile().toString());
    variables.put("HEARTBEAT_CONTEXT_FILE", write(directory.resolve("context.json"), issue).toString());
    if (!secrets.isEmpty()) {
      Path folder = Files.createDirectories(directory.resolve("secrets"));
      variables.put("HEARTBEAT_SECRETS_DIR", folder.toString());
      for (Map.Entry<String, Secret> secret : secrets.entrySet()) {
        write(folder.resolve(secret.getKey()), secret.getValue().reveal().getBytes(UTF_8));
      }
      give(folder);
    }
    give(directory);
    if (user.isEmpty()) {
      variables.put("HEARTBEAT_STATE_DIR", context.workspace().stateDirectory().toString());
    }
  }

  private Path write(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Files.write(Files.createFile(file, OWNER_ONLY), content);
    if (user.isPresent()) {
      user.get().giveFile(file);
    }
    return file;
  }

  private void give(Path folder) throws IOException {
    if (user.isPresent()) {
      user.get().giveDirectory(folder);
    }
  }

  Path directory() {
    return directory;
  }

  Path resultFile() {
    return directory.resolve("result.json");
  }

  /** What tells the command where they are. */
  Map<String, String> variables() {
    return variables;
  }

  /** Deletes what the runtime does not. */
  @Override
  public void close() {
    if (user.isEmpty()) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException left) {
      // the operating system's cleaning of temporary files takes it
    }
  }
}
