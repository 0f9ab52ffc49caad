package io.heartbeat4j.storage;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
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

  private final Path root;
  private final Executor blocking;
  private final Clock clock;

  /** @param blocking runs what blocks; any number of actions at once */
  public FileStorage(Path root, Executor blocking, Clock clock) {
    this.root = root;
    this.blocking = blocking;
    this.clock = clock;
  }

  /** Storage whose access to files runs on the worker threads of Vert.x. */
  public static FileStorage on(Vertx vertx, Path root, Clock clock) {
    return new FileStorage(root, access -> vertx.executeBlocking(Executors.callable(access), false), clock);
  }

  @Override
  public Future<List<String>> list(String folder) {
    return execute(() -> children(folder, FileStorage::isRecord));
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

  private static boolean isRecord(Path file) {
    return Files.isRegularFile(file) && !OwnerOnlyFiles.isUnfinished(file);
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
      OwnerOnlyFiles.replace(withFolder(name), content);
      return this;
    }).mapEmpty();
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return execute(() -> {
      try (FileChannel end = OwnerOnlyFiles.open(withFolder(name), StandardOpenOption.CREATE,
          StandardOpenOption.APPEND)) {
        OwnerOnlyFiles.write(end, bytes);
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
      for (String name : children(folder, FileStorage::isRecord)) {
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
    FileChannel channel = OwnerOnlyFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    try {
      // another process may have deleted the file between opening and locking
      if (channel.tryLock() != null && Files.exists(file)) {
        return Optional.of(new FileClaim(this, name, file, channel, OwnerOnlyFiles.readAll(channel)));
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
    OwnerOnlyFiles.createDirectories(Objects.requireNonNull(file.getParent()));
    return file;
  }

  static void forgetClaim(Path file) {
    CLAIMED.remove(file);
  }

  <T> Future<T> execute(Callable<T> access) {
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
}
