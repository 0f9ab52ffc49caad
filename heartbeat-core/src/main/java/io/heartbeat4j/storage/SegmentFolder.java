package io.heartbeat4j.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folder of a {@link SegmentLog}'s files, which one process at a time has locked. All of it blocks. */
record SegmentFolder(Path directory, FileChannel lock) {

  /** @throws IOException if the folder can't be used or another process uses it, in words for an operator */
  static SegmentFolder open(Path directory) throws IOException {
    OwnerOnlyFiles.createDirectories(directory);
    FileChannel lock = OwnerOnlyFiles.open(directory.resolve("lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    try {
      if (!isLocked(lock)) {
        throw new IOException("another host uses " + directory + ": stop it, or set another 'state-dir'");
      }
      return new SegmentFolder(directory, lock);
    } catch (IOException | RuntimeException failed) {
      lock.close();
      throw failed;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  /** The segments, oldest first. */
  List<Path> files() throws IOException {
    return files(directory);
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().startsWith("segment-")).sorted().toList();
    }
  }

  /** The content of the live records in a folder that another process may be writing to. */
  static Map<String, byte[]> scan(Path directory) throws IOException {
    TreeMap<String, ByteArrayOutputStream> found = new TreeMap<>();
    for (Path file : files(directory)) {
      byte[] lines = Files.readAllBytes(file);
      LogSegment.forEachLine(lines, (name, mark, content, offset, length) -> {
        if (mark == SegmentWrite.DELETED) {
          found.remove(name);
        } else {
          SegmentRecord.apply(lines, mark, content, offset + length,
              found.computeIfAbsent(name, first -> new ByteArrayOutputStream()));
        }
      });
    }
    TreeMap<String, byte[]> contents = new TreeMap<>();
    found.forEach((name, content) -> contents.put(name, content.toByteArray()));
    return contents;
  }

  void unlock() throws IOException {
    lock.close();
  }
}
