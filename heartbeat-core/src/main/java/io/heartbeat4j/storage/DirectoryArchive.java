package io.heartbeat4j.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The regular files of a directory as bytes (a zip file), so that a storage can hold them. Blocks. */
public final class DirectoryArchive {

  /** The same files make the same bytes. */
  private static final LocalDateTime ANY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private DirectoryArchive() {}

  /**
   * Packs the directory's regular files; symbolic links are left out.
   *
   * @param maxBytes of the files together
   * @throws IOException if they are more, or can't be read
   */
  public static byte[] pack(Path directory, long maxBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long total = 0;
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Path file : files(directory)) {
        total += Files.size(file);
        if (total > maxBytes) {
          throw new IOException(directory + " has more than " + maxBytes + " bytes");
        }
        ZipEntry entry = new ZipEntry(directory.relativize(file).toString());
        entry.setTimeLocal(ANY_TIME);
        zip.putNextEntry(entry);
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)).sorted().toList();
    }
  }

  /** Makes the directory hold what was packed, and nothing else. */
  public static void unpack(byte[] archive, Path directory) throws IOException {
    clear(directory);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = directory.resolve(entry.getName()).normalize();
        if (!file.startsWith(directory.normalize())) {
          throw new IOException("'" + entry.getName() + "' lies outside of " + directory);
        }
        OwnerOnlyFiles.createDirectories(file.getParent() == null ? directory : file.getParent());
        Files.copy(zip, file);
      }
    }
  }

  /** Removes all that is in the directory, which is created if missing. */
  public static void clear(Path directory) throws IOException {
    OwnerOnlyFiles.createDirectories(directory);
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).filter(path -> !path.equals(directory)).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
