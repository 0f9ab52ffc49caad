package io.heartbeat4j.cli;

import java.nio.file.Path;
import java.util.List;

/** A running {@code heartbeat dev}. Its methods block and are thread-safe. */
public interface DevSession extends AutoCloseable {

  /** What runs and where the page is, in one line. */
  String description();

  /** The files and directories on which the worker depends. */
  List<Path> watched();

  /**
   * Loads the worker and its settings again. Runs that have started end with the worker that they began with. When the
   * new one can't be used, the old one stays, and the page and the terminal show why.
   */
  void reload();

  /** Stops running work, closes the worker and the servers, and deletes the session's files. */
  @Override
  void close();
}
