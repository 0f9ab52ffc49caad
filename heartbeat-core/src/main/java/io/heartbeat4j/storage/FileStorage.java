package io.heartbeat4j.storage;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Storage in a directory: one file a record, readable and writable by its owner alone. A claim is the operating
 * system's lock on the file, so it ends with the process.
 *
 * <p>The system drops a process's locks on a file as soon as the process closes the file, through whichever channel. So
 * a claimed file has one channel only, and what this process has claimed is known without opening it.
 */
public final class FileStorage implements Storage {

  private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();
  private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  private static final FileAttribute<?>[] OWNERS_FILE = ownerOnly("rw-------");
  private static final FileAttribute<?>[] OWNERS_DIRECTORY = ownerOnly("rwx------");

  private final Path root;
  private final Executor blocking;
  private final Clock clock;

  /** @param blocking runs what blocks; any number of actions at once */
  public FileStorage(Path root, Executor blocking, Clock clock) {
    this.root = root;
    this.blocking = blocking;
    this.clock = clock;
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return POSIX
        ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
        : new FileAttribute<?>[0];
  }

  @Override
  public Future<List<String>> list(String folder) {
    return execute(() -> children(folder, Files::isRegularFile));
  }

  @Override
  public Future<List<String>> folders(String folder) {
    return execute(() -> children(folder, Files::isDirectory));
  }

  private List<String> children(String folder, Predicate<Path> kind) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.filter(kind).map(file -> (folder.isEmpty() ? "" : folder + "/") + file.getFileName()).sorted()
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return execute(() -> {
      try {
        return Optional.of(Files.readAllBytes(root.resolve(name)));
      } catch (NoSuchFileException none) {
        return Optional.empty();
      }
    });
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return execute(() -> {
      Path file = withFolder(name);
      Path next = Files.createTempFile(file.getParent(), "next", ".tmp", OWNERS_FILE);
      try {
        try (FileChannel channel = open(next, StandardOpenOption.WRITE)) {
          write(channel, content);
          channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException | RuntimeException failed) {
        Files.deleteIfExists(next);
        throw failed;
      }
      return this;
    }).mapEmpty();
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return execute(() -> {
      try (FileChannel end = open(withFolder(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        write(end, bytes);
      }
      return this;
    }).mapEmpty();
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return execute(() -> tryClaim(name));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    return execute(() -> {
      List<Claim> claimed = new ArrayList<>();
      for (String name : children(folder, Files::isRegularFile)) {
        tryClaim(name).ifPresent(claimed::add);
      }
      return claimed;
    });
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return execute(() -> {
      Instant limit = clock.instant().minus(unchangedFor);
      for (String name : children(folder, Files::isRegularFile)) {
        Path file = root.resolve(name);
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
      return this;
    }).mapEmpty();
  }

  /** Whether there is such a file. Looks at the disk. */
  boolean exists(String name) {
    return Files.exists(root.resolve(name));
  }

  private Optional<Claim> tryClaim(String name) throws IOException {
    Path made = withFolder(name);
    Path file = Objects.requireNonNull(made.getParent()).toRealPath().resolve(made.getFileName());
    if (!CLAIMED.add(file)) {
      return Optional.empty();
    }
    Optional<Claim> claim = Optional.empty();
    try {
      claim = lock(name, file);
    } finally {
      if (claim.isEmpty()) {
        CLAIMED.remove(file);
      }
    }
    return claim;
  }

  private Optional<Claim> lock(String name, Path file) throws IOException {
    FileChannel channel = open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      // another process may have deleted the file between opening and locking
      if (channel.tryLock() != null && Files.exists(file)) {
        return Optional.of(new FileClaim(name, file, channel, readAll(channel)));
      }
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
    channel.close();
    return Optional.empty();
  }

  private Path withFolder(String name) throws IOException {
    Path file = root.resolve(name);
    createDirectories(Objects.requireNonNull(file.getParent()));
    return file;
  }

  /** Creates what is missing of the path, for the owner alone. */
  public static void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, OWNERS_DIRECTORY);
    }
  }

  /** A file that is created is its owner's alone. */
  static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), OWNERS_FILE);
  }

  static void write(FileChannel end, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      end.write(rest);
    }
  }

  private static byte[] readAll(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {
      // until the file is read
    }
    return Arrays.copyOf(content.array(), content.position());
  }

  private <T> Future<T> execute(Callable<T> access) {
    return execute(blocking, access);
  }

  static <T> Future<T> execute(Executor blocking, Callable<T> access) {
    Promise<T> done = Promise.promise();
    try {
      blocking.execute(() -> {
        try {
          done.complete(access.call());
        } catch (Exception failed) {
          done.fail(failed);
        }
      });
    } catch (RuntimeException closed) { // the executor of a Vert.x that is closing
      done.tryFail(new IOException("files can't be reached any more: the process is ending", closed));
    }
    return done.future();
  }

  private final class FileClaim implements Claim {

    private final String name;
    private final Path file;
    private final FileChannel channel;
    private final byte[] content;

    FileClaim(String name, Path file, FileChannel channel, byte[] content) {
      this.name = name;
      this.file = file;
      this.channel = channel;
      this.content = content;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public byte[] content() {
      return content.clone();
    }

    /** Bytes of which the disk took only a part are taken back, so that the next ones follow whole ones. */
    @Override
    public Future<Void> append(byte[] bytes, boolean flush) {
      return execute(() -> {
        requireClaimed();
        long end = channel.size();
        channel.position(end);
        try {
          write(channel, bytes);
        } catch (IOException failed) {
          channel.truncate(end);
          throw failed;
        }
        if (flush) {
          channel.force(true);
        }
        return this;
      }).mapEmpty();
    }

    @Override
    public Future<Void> delete() {
      return execute(() -> {
        requireClaimed();
        try {
          Files.deleteIfExists(file);
        } finally {
          unlock();
        }
        return this;
      }).mapEmpty();
    }

    @Override
    public Future<Void> moveTo(String name, byte[] content) {
      return channel.isOpen()
          ? replace(name, content).compose(moved -> delete())
          : delete(); // fails, since the claim has ended
    }

    @Override
    public Future<Void> release() {
      return execute(() -> {
        requireClaimed();
        unlock();
        return this;
      }).mapEmpty();
    }

    private void requireClaimed() {
      if (!channel.isOpen()) {
        throw new ClaimLostException("the claim on " + name + " has ended before");
      }
    }

    private void unlock() throws IOException {
      if (channel.isOpen()) {
        channel.close();
        CLAIMED.remove(file);
      }
    }
  }
}
