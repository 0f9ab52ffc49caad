package io.heartbeat4j.cli.plugin;

import java.nio.file.Path;
import java.util.List;

/**
 * A plugin of a distribution.
 *
 * @param workers the names of its workers
 * @param files whether its jars are those that were installed
 * @param problem why it can't be used; empty where it can
 */
public record InstalledPlugin(Path directory, List<String> workers, Jars files, String problem) {

  /** What the checksums say of a plugin's jars. */
  public enum Jars {
    /** They are those that were installed. */
    UNCHANGED,
    /** One was changed, added or removed since. */
    CHANGED,
    /** The plugin was not installed by the command. */
    NOT_RECORDED
  }

  public InstalledPlugin {
    workers = List.copyOf(workers);
  }

  /** The name of its directory. */
  public String name() {
    return String.valueOf(directory.getFileName());
  }
}
