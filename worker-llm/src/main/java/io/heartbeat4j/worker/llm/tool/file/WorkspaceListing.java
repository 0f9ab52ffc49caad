package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;

/**
 * Files and directories of the workspace in the order of their names, without git's own and without following links.
 *
 * @param left how many files and directories were left out because a {@code .gitignore} names them; what is in such a
 *     directory is not counted
 * @param incomplete whether there are too many of them, so that some are missing
 */
record WorkspaceListing(List<Entry> entries, int left, boolean incomplete) {

  private static final int MOST = 100_000;

  /** @param path from the workspace's root */
  record Entry(Path path, BasicFileAttributes attributes) {}

  /**
   * Lists what is below a place, or the place itself where it is a file.
   *
   * @param ignored whether to list what a {@code .gitignore} names, too
   */
  static WorkspaceListing of(ConfinedWorkspace workspace, Path place, int depth, boolean ignored) throws IOException {
    Visitor visitor = new Visitor(workspace.root(), place, ignored);
    Files.walkFileTree(workspace.root().resolve(place), EnumSet.noneOf(java.nio.file.FileVisitOption.class), depth,
        visitor);
    visitor.entries.sort(Comparator.comparing(entry -> entry.path().toString()));
    return new WorkspaceListing(visitor.entries, visitor.left, visitor.incomplete);
  }

  /** What is missing, for the model; empty where nothing is. */
  String note() {
    return (left == 0 ? "" : "\n(left out by .gitignore: " + left + "; set 'ignored' to see them)")
        + (incomplete ? "\n(only the first " + MOST + " files were looked at; name a 'path')" : "");
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {

    private final Path root;
    private final Path start;
    private final boolean ignored;
    private final GitIgnore gitIgnore;
    private final List<Entry> entries = new ArrayList<>();
    private int left;
    private boolean incomplete;

    Visitor(Path root, Path place, boolean ignored) {
      this.root = root;
      this.start = root.resolve(place);
      this.ignored = ignored;
      this.gitIgnore = new GitIgnore(root);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (directory.equals(start)) {
        return FileVisitResult.CONTINUE;
      }
      if (directory.endsWith(".git") || isLeftOut(directory, true)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      return add(directory, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      return !file.equals(start) && isLeftOut(file, attributes.isDirectory()) ? FileVisitResult.CONTINUE
          : add(file, attributes);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
      return FileVisitResult.CONTINUE;
    }

    private boolean isLeftOut(Path path, boolean directory) {
      boolean is = !ignored && gitIgnore.matches(root.relativize(path), directory);
      left += is ? 1 : 0;
      return is;
    }

    private FileVisitResult add(Path path, BasicFileAttributes attributes) {
      incomplete = entries.size() == MOST;
      if (incomplete) {
        return FileVisitResult.TERMINATE;
      }
      entries.add(new Entry(root.relativize(path), attributes));
      return FileVisitResult.CONTINUE;
    }
  }
}
