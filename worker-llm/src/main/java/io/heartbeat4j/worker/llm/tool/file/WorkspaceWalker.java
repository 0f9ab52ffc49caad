package io.heartbeat4j.worker.llm.tool.file;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.function.BiPredicate;

/** Goes through the workspace in the order of its names, without following links and without git's own files. */
final class WorkspaceWalker {

  private static final int MOST = 100_000;

  private WorkspaceWalker() {}

  /**
   * Visits files and directories below a place.
   *
   * @param visit is given the place below the root and its attributes; false ends the walk
   */
  static void walk(ConfinedWorkspace confinedWorkspace, Path place, int depth,
      BiPredicate<Path, BasicFileAttributes> visit)
      throws IOException {
    Path start = confinedWorkspace.root().resolve(place);
    Files.walkFileTree(start, EnumSet.noneOf(java.nio.file.FileVisitOption.class), depth, new SimpleFileVisitor<>() {
      private int seen;

      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        if (directory.equals(start)) {
          return FileVisitResult.CONTINUE;
        }
        return directory.endsWith(".git") ? FileVisitResult.SKIP_SUBTREE : told(directory, attributes);
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        return told(file, attributes);
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
        return FileVisitResult.CONTINUE;
      }

      private FileVisitResult told(Path path, BasicFileAttributes attributes) {
        return seen++ < MOST && visit.test(confinedWorkspace.root().relativize(path), attributes)
            ? FileVisitResult.CONTINUE
            : FileVisitResult.TERMINATE;
      }
    });
  }
}
