package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.storage.OwnerOnlyFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where the resident process of a state directory is reached. Nobody but its user may look into the directory. */
record ResidentDirectory(Path path) {

  private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
      PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
  private static final int LONGEST_SOCKET_PATH = 103; // of macOS; Linux has a few more
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  /** The directory that the launcher looks into, which reads variables and no configuration file. */
  static ResidentDirectory of(Map<String, String> environment) {
    return new ResidentDirectory(AgentMemory.root(environment).toAbsolutePath().normalize().resolve("resident"));
  }

  Path socket() {
    return path.resolve("wake.sock");
  }

  /** Locked by the resident process, whose id it holds. */
  Path lock() {
    return path.resolve("lock");
  }

  Path log() {
    return path.resolve("resident.log");
  }

  private Path starting() {
    return path.resolve("starting");
  }

  /** Whether a process accepts connections at the socket. */
  boolean isListening() {
    if (!Files.exists(socket())) {
      return false;
    }
    try (SocketChannel open = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      return open.isConnected();
    } catch (IOException stale) {
      return false;
    }
  }

  /**
   * Creates the directory, and remembers that a process is being started in it.
   *
   * @return false if another is being started
   * @throws IOException in words for the operator, if the directory can't be used
   */
  boolean beginStart(Clock clock) throws IOException {
    if (socket().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
      throw new IOException("the path of the socket " + socket() + " is too long");
    }
    OwnerOnlyFiles.createDirectories(path);
    if (Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains)) {
      throw exposed();
    }
    if (Files.exists(starting()) && Files.getLastModifiedTime(starting()).toInstant().plus(LONGEST_START)
        .isBefore(clock.instant())) {
      endStart();
    }
    try {
      Files.createFile(starting());
    } catch (FileAlreadyExistsException other) {
      return false;
    }
    if (!Files.getOwner(starting()).equals(Files.getOwner(path))) {
      endStart();
      throw exposed();
    }
    return true;
  }

  private IOException exposed() {
    return new IOException("other users have access to " + path + ": remove it, or make it yours with mode 0700");
  }

  void endStart() throws IOException {
    Files.deleteIfExists(starting());
  }
}
