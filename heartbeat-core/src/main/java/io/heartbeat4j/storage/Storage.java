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

  /** Puts the file in the place of an earlier one: a reader sees the one or the other, never half of one. */
  void replace(String name, byte[] content) throws IOException;

  /** Adds to the end of a file, made if missing, in one piece. Cheaper than to replace it. */
  void append(String name, byte[] bytes) throws IOException;

  /** Claims a file that grows, made if missing; nothing if another claim on it lives, in this process or another. */
  Optional<LockedFile> lock(String name) throws IOException;

  /** A claimed file. The claim ends with {@link #close}, and with the process. */
  interface LockedFile extends Closeable {

    byte[] readAll() throws IOException;

    /** @param flush whether the bytes have to survive a loss of power when this returns */
    void append(byte[] bytes, boolean flush) throws IOException;

    void delete() throws IOException;

    @Override
    void close() throws IOException;
  }
}
