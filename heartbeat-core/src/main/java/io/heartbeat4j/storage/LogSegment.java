package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One append-only file of a {@link SegmentLog}. Blocks; one writing thread at a time, reads from any. */
final class LogSegment implements Closeable {

  private static final byte NEW_LINE = '\n';

  final long number;
  private final Path file;
  private final FileChannel channel;
  private long size;

  private LogSegment(long number, Path file, FileChannel channel, long size) {
    this.number = number;
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  /** Opens or creates it. An incomplete last line, which a crash has torn, is cut off. */
  static LogSegment open(Path directory, long number) throws IOException {
    Path file = directory.resolve(String.format("segment-%08d.jsonl", number));
    boolean created = Files.notExists(file);
    FileChannel channel = OwnerOnlyFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    if (created) {
      flushDirectory(directory);
    }
    long whole = lengthOfWholeLines(channel);
    if (whole < channel.size()) {
      channel.truncate(whole);
    }
    return new LogSegment(number, file, channel, whole);
  }

  /** The file's name has to survive a loss of power too. */
  private static void flushDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // not every system can flush a directory
    }
  }

  private static long lengthOfWholeLines(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    long end = channel.size();
    while (end > 0 && channel.read(one.clear(), end - 1) == 1 && one.get(0) != NEW_LINE) {
      end--;
    }
    return end;
  }

  /** Appends whole lines and returns where they begin. What the disk took only a part of is taken back. */
  long append(byte[] lines, boolean flush) throws IOException {
    long begin = size;
    channel.position(begin);
    try {
      OwnerOnlyFiles.write(channel, lines);
    } catch (IOException failed) {
      channel.truncate(begin);
      throw failed;
    }
    size = begin + lines.length;
    if (flush) {
      channel.force(false);
    }
    return begin;
  }

  byte[] read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException(file + " is shorter than it was");
      }
    }
    return bytes.array();
  }

  long size() {
    return size;
  }

  /** Calls the reader with each line of these bytes. */
  static void forEachLine(byte[] lines, LineReader reader) {
    int begin = 0;
    int tab = -1;
    for (int i = 0; i < lines.length; i++) {
      if (lines[i] == '\t' && tab < 0) {
        tab = i;
      } else if (lines[i] == NEW_LINE) {
        if (tab >= 0 && tab + 1 < i) {
          reader.read(new String(lines, begin, tab - begin, UTF_8), lines[tab + 1], tab + 2, begin, i + 1 - begin);
        }
        begin = i + 1;
        tab = -1;
      }
    }
  }

  /** Receives the lines of a segment: a record's name, a tab, a mark, and the content. */
  interface LineReader {

    /**
     * Reads a line.
     *
     * @param content where the content begins; it ends before the last byte of the line
     * @param offset where the line begins
     */
    void read(String name, byte mark, int content, int offset, int length);
  }

  void delete() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
