package io.heartbeat4j.worker.llm.tool.file;

import com.google.re2j.Pattern;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code .gitignore} files of the workspace, read as they are needed. Of all rules for a path the last one counts,
 * and a file deeper in the tree comes after those above it. What is in an ignored directory is not asked for: git
 * can't take it in again either. For one thread.
 */
final class GitIgnore {

  private static final int MOST_BYTES = 1_000_000;

  /** @param within matched with the path from the directory of the file */
  private record Rule(Pattern within, boolean ignores, boolean directoriesOnly) {}

  private final Path root;
  private final Map<Path, List<Rule>> rules = new HashMap<>();

  GitIgnore(Path root) {
    this.root = root;
  }

  /** @param path from the root */
  boolean matches(Path path, boolean directory) {
    boolean ignored = false;
    for (int depth = 0; depth < path.getNameCount(); depth++) {
      Path above = depth == 0 ? Path.of("") : path.subpath(0, depth);
      String below = path.subpath(depth, path.getNameCount()).toString();
      for (Rule rule : rules.computeIfAbsent(above, this::read)) {
        if ((directory || !rule.directoriesOnly()) && rule.within().matches(below)) {
          ignored = rule.ignores();
        }
      }
    }
    return ignored;
  }

  private List<Rule> read(Path directory) {
    Path file = root.resolve(directory).resolve(".gitignore");
    List<Rule> read = new ArrayList<>();
    try {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MOST_BYTES) {
        for (String line : Files.readAllLines(file)) {
          add(line.stripTrailing(), read);
        }
      }
    } catch (IOException unreadable) {
      // as if it were not there, as with git
    }
    return read;
  }

  private static void add(String line, List<Rule> read) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    boolean ignores = !line.startsWith("!");
    String pattern = ignores ? line : line.substring(1);
    boolean directoriesOnly = pattern.endsWith("/");
    pattern = directoriesOnly ? pattern.substring(0, pattern.length() - 1) : pattern;
    boolean anchored = pattern.contains("/");
    pattern = pattern.startsWith("/") ? pattern.substring(1) : pattern;
    try {
      read.add(new Rule(SafePattern.glob(anchored ? pattern : "**/" + pattern), ignores, directoriesOnly));
    } catch (ToolCallException noPattern) {
      // git passes over it too
    }
  }
}
