package io.heartbeat4j.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Storage in a directory. A claim is the operating system's lock on the file, so it ends with the process.
 *
 * <p>The system drops a process's locks on a file as soon as the process closes the file, through whichever channel. So
 * a claimed file has one channel only, and what this process has claimed is known without opening it.
 */
public record FileStorage(Path root) implements Storage {

  private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

  @Override
  public List<String> list(String folder) throws IOException {
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
    } catch (IOException | RuntimeException failed) {
      Files.deleteIfExists(next);
      throw failed;
    }
  }

  @Override
  public void append(String name, byte[] bytes) throws IOException {
    try (FileChannel end = FileChannel.open(made(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      write(end, bytes);
    }
  }

  static void write(FileChannel end, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      end.write(rest);
    }
  }

  @Override
  public Optional<LockedFile> lock(String name) throws IOException {
    Path made = made(name);
    Path file = Objects.requireNonNull(made.getParent()).toRealPath().resolve(made.getFileName());
    if (!CLAIMED.add(file)) {
      return Optional.empty();
    }
    Optional<LockedFile> log = Optional.empty();
    try {
      log = locked(file);
    } finally {
      if (log.isEmpty()) {
        CLAIMED.remove(file);
      }
    }
    return log;
  }

  private static Optional<LockedFile> locked(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    try {
      // another process may have deleted the file between opening and lock
      if (channel.tryLock() != null && Files.exists(file)) {
        return Optional.of(new ChannelFile(file, channel));
      }
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
    channel.close();
    return Optional.empty();
  }

  private Path made(String name) throws IOException {
    Path file = root.resolve(name);
    Path folder = Objects.requireNonNull(file.getParent());
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    return file;
  }

  private record ChannelFile(Path file, FileChannel channel) implements LockedFile {

    @Override
    public byte[] readAll() throws IOException {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {
        // until the file is read
      }
      return Arrays.copyOf(content.array(), content.position());
    }

    @Override
    public void append(byte[] bytes, boolean flush) throws IOException {
      channel.position(channel.size());
      write(channel, bytes);
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
      if (channel.isOpen()) {
        channel.close();
        CLAIMED.remove(file);
      }
    }
  }
}
