package io.heartbeat4j.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file of a {@link GroupCommitLog}. Blocks; one thread at a time. */
final class GroupCommitFile implements Closeable {

  /** Bytes. A longer one is written anew with what is still open in it. */
  static final long LONGEST = 8L << 20;

  private static final byte[] NEW_LINE = {'\n'};

  private final Path file;
  private final Path directory;
  private FileChannel out;
  private long longest = LONGEST;
  private boolean torn;

  /** A new one, whose name survives a loss of power. */
  GroupCommitFile(Path directory, String name) throws IOException {
    this.directory = directory;
    this.file = directory.resolve(name);
    this.out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    GroupCommitRecovery.flush(directory);
  }

  /** Adds lines to its end. What the disk has taken of them before it failed spoils no line that comes after. */
  void write(byte[] lines, boolean flush) throws IOException {
    if (torn) {
      FileStorage.write(out, NEW_LINE);
    }
    torn = true; // until all is there
    FileStorage.write(out, lines);
    torn = false;
    if (flush) {
      out.force(false);
    }
  }

  boolean isLong() throws IOException {
    return out.size() > longest;
  }

  /** Puts another file with these lines in its place. Where that fails all is in the long one, which grows on. */
  void shorten(Iterable<byte[]> lines) throws IOException {
    longest = 2 * out.size();
    Path next = directory.resolve(file.getFileName() + GroupCommitRecovery.NEXT);
    FileChannel fresh = FileChannel.open(
        next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    try {
      for (byte[] each : lines) {
        FileStorage.write(fresh, each);
      }
      fresh.force(true); // whenever the power goes, what has the name is complete
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException failed) {
      fresh.close();
      throw failed;
    }
    out.close();
    out = fresh;
    torn = false;
    longest = Math.max(LONGEST, 2 * out.size());
    GroupCommitRecovery.flush(directory);
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
