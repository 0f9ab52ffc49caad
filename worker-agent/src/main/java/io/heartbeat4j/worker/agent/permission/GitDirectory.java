package io.heartbeat4j.worker.agent.permission;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Knows git's own directory, in every spelling that a file system takes for it: other case, dots and spaces at the end,
 * the short name and the streams of Windows, and the invisible characters that macOS ignores. What is in it is run by
 * git, or tells git what to run.
 */
public final class GitDirectory {

  private static final Pattern NAME = Pattern.compile("(?i)(\\.git|git~[0-9]+)[. ]*(:.*)?", Pattern.DOTALL);
  private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");

  private GitDirectory() {}

  /** Whether a path is that directory, or a file in it; a file of that name points to the directory. */
  public static boolean contains(String path) {
    for (String step : path.split("[/\\\\]", -1)) {
      if (NAME.matcher(INVISIBLE.matcher(step).replaceAll("")).matches()) {
        return true;
      }
    }
    return false;
  }

  /** The same, for a path of this system. */
  public static boolean contains(Path path) {
    return contains(path.toString());
  }
}
