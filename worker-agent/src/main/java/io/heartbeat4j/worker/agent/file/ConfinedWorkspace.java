package io.heartbeat4j.worker.agent.file;

import io.heartbeat4j.worker.agent.permission.GitDirectory;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.HashSet;
import java.util.Set;

/**
 * The directory that the model's files are confined to. A path is taken to its real place first, and then opened step
 * by step from the root without following a link, so that a link that is put there in between leads nowhere.
 */
public final class ConfinedWorkspace {

  private final Path root;

  private ConfinedWorkspace(Path root) {
    this.root = root;
  }

  /**
   * Confines file access to a directory.
   *
   * @throws IOException if it is not there, or the system can't open files relative to a directory
   */
  public static ConfinedWorkspace of(Path directory) throws IOException {
    Path root = directory.toRealPath();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
      if (!(stream instanceof SecureDirectoryStream)) {
        throw new IOException("this system can't confine files to " + root + " (no SecureDirectoryStream)");
      }
    }
    return new ConfinedWorkspace(root);
  }

  public Path root() {
    return root;
  }

  /** Where a path really is, below the root; it need not exist. */
  public Path resolve(String written) throws ToolCallException {
    try {
      Path path = root.resolve(written).normalize();
      if (!path.startsWith(root)) {
        throw outside(written);
      }
      Path existing = path;
      while (!existing.equals(root) && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
        Path parent = existing.getParent();
        existing = parent == null ? root : parent;
      }
      Path real = existing.toRealPath().resolve(existing.relativize(path)).normalize();
      if (!real.startsWith(root)) {
        throw outside(written);
      }
      return root.relativize(real);
    } catch (InvalidPathException wrong) {
      throw new ToolCallException("'" + written + "' is not a path");
    } catch (IOException broken) {
      throw new ToolCallException("'" + written + "' leads nowhere (" + broken.getClass().getSimpleName() + ")");
    }
  }

  private static ToolCallException outside(String written) {
    return new ToolCallException("'" + written + "' is outside the workspace; paths are relative to it");
  }

  /** The place as rules and people see it. */
  public String displayPath(String written) {
    try {
      String place = resolve(written).toString();
      return place.isEmpty() ? "." : place;
    } catch (ToolCallException outside) {
      return written;
    }
  }

  /**
   * Reads a whole file.
   *
   * @param place from {@link #resolve}
   */
  public byte[] read(Path place, int most) throws IOException, ToolCallException {
    try (SeekableByteChannel channel = open(place, Set.of(StandardOpenOption.READ))) {
      long size = channel.size();
      if (size > most) {
        throw new ToolCallException(place + " has " + size + " bytes; at most " + most + " can be read");
      }
      return java.nio.channels.Channels.newInputStream(channel).readNBytes(most);
    }
  }

  /**
   * Writes a whole file, but none of git's own.
   *
   * @param place from {@link #resolve}; missing directories are made
   */
  public void write(Path place, byte[] content) throws IOException, ToolCallException {
    if (GitDirectory.contains(place)) {
      throw new ToolCallException("git's own files are never written, and " + place + " is one");
    }
    Path parent = place.getParent();
    if (parent != null) {
      Files.createDirectories(root.resolve(parent));
    }
    try (SeekableByteChannel channel = open(place, Set.of(
        StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING))) {
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  @SuppressWarnings("StreamResourceLeak") // each directory is closed, the last one in the finally block
  private SeekableByteChannel open(Path place, Set<? extends OpenOption> how) throws IOException, ToolCallException {
    if (place.toString().isEmpty()) {
      throw new ToolCallException("that is the workspace itself, not a file");
    }
    SecureDirectoryStream<Path> directory = secure(Files.newDirectoryStream(root));
    try {
      for (Path step : place.getParent() == null ? Set.<Path>of() : place.getParent()) {
        SecureDirectoryStream<Path> next = directory.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS);
        directory.close();
        directory = next;
      }
      Path name = place.getFileName();
      boolean regular = isRegular(directory, name);
      if (!regular && !how.contains(StandardOpenOption.CREATE)) {
        throw new ToolCallException(place + " is not a file");
      }
      Set<OpenOption> options = new HashSet<>(how);
      options.add(LinkOption.NOFOLLOW_LINKS);
      return directory.newByteChannel(name, options);
    } catch (NoSuchFileException missing) {
      throw new ToolCallException("there is no file " + place);
    } finally {
      directory.close();
    }
  }

  /** A pipe would never end. */
  private static boolean isRegular(SecureDirectoryStream<Path> directory, Path name)
      throws IOException, ToolCallException {
    try {
      boolean regular = directory.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes().isRegularFile();
      if (!regular) {
        throw new ToolCallException(name + " is not a plain file");
      }
      return true;
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
    return (SecureDirectoryStream<Path>) stream;
  }
}
