package io.heartbeat4j.heartbeat.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Storage in a folder on disk. A claim is the operating system's lock on the file, so it ends with the process. */
record Folder(Path root) implements Storage {

  @Override
  public List<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.map(file -> folder + "/" + file.getFileName()).sorted().toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  @Override
  public Optional<byte[]> read(String name) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(root.resolve(name)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @Override
  public void replace(String name, byte[] content) throws IOException {
    Path file = made(name);
    Path next = Files.createTempFile(file.getParent(), "next", ".tmp");
    try {
      Files.write(next, content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(root.resolve(name));
  }

  @Override
  public Optional<Log> log(String name) throws IOException {
    Path file = made(name);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = lock(channel);
      // whoever had it may have deleted it between the opening and the lock
      if (lock != null && Files.exists(file)) {
        return Optional.of(new LockedFile(file, channel));
      }
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
    channel.close();
    return Optional.empty();
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      return null;
    }
  }

  private Path made(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  private record LockedFile(Path file, FileChannel channel) implements Log {

    @Override
    public byte[] content() throws IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public void append(byte[] bytes, boolean flush) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      channel.position(channel.size());
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      if (flush) {
        channel.force(true);
      }
    }

    @Override
    public void delete() throws IOException {
      Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
