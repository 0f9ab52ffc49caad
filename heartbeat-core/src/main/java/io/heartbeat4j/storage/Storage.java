package io.heartbeat4j.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One agent's files. Names are relative, with {@code /} between folders. Blocks; never called on an event loop. */
public interface Storage {

  /** The files of a folder, in the order of their names; none if there is no such folder. */
  List<String> list(String folder) throws IOException;

  Optional<byte[]> read(String name) throws IOException;

  /** Replaces the file atomically: a reader sees the old or the new content. */
  void replace(String name, byte[] content) throws IOException;

  /** Appends to a file, created if missing, in one write. Cheaper than replacing it. */
  void append(String name, byte[] bytes) throws IOException;

  /** Claims a file to append to, created if missing; empty if this or another process has claimed it. */
  Optional<LockedFile> lock(String name) throws IOException;

  /** A claimed file. The claim ends with {@link #close}, and with the process. */
  interface LockedFile extends Closeable {

    byte[] readAll() throws IOException;

    /**
     * Appends to the file.
     *
     * @param flush whether the bytes must survive a loss of power when this returns
     */
    void append(byte[] bytes, boolean flush) throws IOException;

    void delete() throws IOException;

    @Override
    void close() throws IOException;
  }
}
