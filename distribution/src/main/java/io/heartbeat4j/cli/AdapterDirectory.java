package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.client.ProtocolJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of the adapter as the Paperclip server reads them: {@code host.json}, and the adapter's folder, named by what
 * is in it. A server keeps a module that it has loaded under its file name for as long as it runs, so another version has
 * to be other files.
 *
 * @param root the server's user has to be able to read it
 */
record AdapterDirectory(Path root) {

  private static final String PREFIX = "adapter-";
  private static final String HOST_FILE = "host.json";

  /** Copies the folder that is shipped. @return the copy */
  Path copy(Path shipped) {
    try {
      Path target = target(shipped);
      if (!Files.exists(target)) {
        Path unfinished = Files.createDirectories(root).resolve("unfinished");
        delete(unfinished);
        for (Path file : files(shipped)) {
          Path to = unfinished.resolve(shipped.relativize(file).toString());
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
        for (Path each : all(unfinished)) {
          Files.setPosixFilePermissions(each,
              PosixFilePermissions.fromString(Files.isDirectory(each) ? "rwxr-xr-x" : "rw-r--r--"));
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
      return target;
    } catch (IOException failure) {
      throw new CommandFailure(ExitCode.CONFIGURATION,
          "the adapter can't be copied from " + shipped + " to " + root + ": " + failure
              + "; --directory names another place");
    }
  }

  /** Where {@link #copy} puts the folder. */
  Path target(Path shipped) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files(shipped)) {
        digest.update(shipped.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return root.resolve(PREFIX + HexFormat.of().formatHex(digest.digest()).substring(0, 12));
    } catch (IOException failure) {
      throw new CommandFailure(ExitCode.CONFIGURATION, "the distribution has no adapter: " + failure);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Writes where the host is; for the server's user alone, if there is a key in it.
   *
   * @param owner the server's user, if it is not this process's
   */
  void writeHost(Map<String, String> address, Optional<String> owner) {
    ObjectMapper json = ProtocolJson.mapper();
    try {
      Path unfinished = Files.createTempFile(Files.createDirectories(root), "host", ".json"); // of mode 0600
      Files.writeString(unfinished, json.writeValueAsString(address));
      if (!address.containsKey("key")) {
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
      }
      if (owner.isPresent()) {
        Files.setOwner(unfinished, FileSystems.getDefault().getUserPrincipalLookupService()
            .lookupPrincipalByName(owner.get()));
      }
      Files.move(unfinished, root.resolve(HOST_FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new CommandFailure(ExitCode.CONFIGURATION,
          "the host's address can't be written to " + root.resolve(HOST_FILE) + ": " + failure);
    }
  }

  /** Whether it is written where the host is. */
  boolean hasHost() {
    return Files.exists(root.resolve(HOST_FILE));
  }

  /** Deletes the folders of other versions. */
  void keepOnly(Path used) {
    try {
      for (Path folder : versions()) {
        if (!folder.equals(used)) {
          delete(folder);
        }
      }
    } catch (IOException failure) {
      throw new CommandFailure(ExitCode.CONFIGURATION, "older files in " + root + " can't be deleted: " + failure);
    }
  }

  /** Deletes what was written here, and nothing else. */
  void delete() {
    keepOnly(root);
    try {
      Files.deleteIfExists(root.resolve(HOST_FILE));
      Files.deleteIfExists(root);
    } catch (DirectoryNotEmptyException others) {
      // somebody else's files
    } catch (IOException failure) {
      throw new CommandFailure(ExitCode.CONFIGURATION, root + " can't be deleted: " + failure);
    }
  }

  private List<Path> versions() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(each -> String.valueOf(each.getFileName()).startsWith(PREFIX)).toList();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    return all(folder).stream().filter(Files::isRegularFile).toList();
  }

  /** A folder before what is in it. */
  private static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path each : all(folder).reversed()) {
        Files.delete(each);
      }
    }
  }
}
