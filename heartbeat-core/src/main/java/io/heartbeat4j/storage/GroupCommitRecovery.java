package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The {@linkplain GroupCommitLog ledgers} of a directory, also those that dead processes have left. Blocks. */
public final class GroupCommitRecovery {

  static final String NAME = "ledger-";

  /** Of the file with the lines. */
  static final String LINES = ".tsv";

  /** Of what is about to take its place. */
  static final String NEXT = ".next";

  /** Of the file whose claim shows that its process lives. */
  static final String CLAIM = ".lock";

  private GroupCommitRecovery() {}

  /** A file that grows in a ledger. */
  public record OpenSegment(Path ledger, Path standsFor, String lines) {}

  /**
   * What is open in all of them. Changes nothing.
   *
   * @throws IOException if one can't be read
   */
  public static List<OpenSegment> open(Path root) throws IOException {
    List<OpenSegment> open = new ArrayList<>();
    for (String name : names(root, LINES)) {
      Path ledger = root.resolve(name + LINES);
      read(lines(ledger)).forEach((file, lines) -> file(root, file)
          .ifPresent(standsFor -> open.add(new OpenSegment(ledger, standsFor, lines))));
    }
    return open;
  }

  /**
   * Makes what dead processes have left in their ledgers into the files that it stands for; a living process' is left
   * alone, and so is what another process separates just now. What is interrupted is done again at the next call.
   *
   * @throws IOException if one can't be read or a file can't be written; nothing is lost
   */
  public static void separate(Path root) throws IOException {
    for (String name : names(root, CLAIM)) {
      Optional<Storage.LockedFile> dead = new FileStorage(root).lock(name + CLAIM);
      if (dead.isPresent()) {
        try (Storage.LockedFile claim = dead.get()) {
          for (Map.Entry<String, String> each : read(lines(root.resolve(name + LINES))).entrySet()) {
            if (file(root, each.getKey()).isPresent()) {
              separate(root, each.getKey(), each.getValue());
            }
          }
          Files.deleteIfExists(root.resolve(name + LINES + NEXT));
          Files.deleteIfExists(root.resolve(name + LINES));
          claim.delete();
        }
      }
    }
  }

  /** Adds the lines to the file. One that is in somebody's hands had been separated before, and nobody had noted it. */
  static void separate(Path root, String file, String lines) throws IOException {
    Optional<Storage.LockedFile> log = new FileStorage(root).lock(file);
    if (log.isPresent()) {
      try (Storage.LockedFile own = log.get()) {
        byte[] before = own.readAll();
        own.append((before.length > 0 && before[before.length - 1] != '\n' ? "\n" + lines : lines).getBytes(UTF_8),
            true);
      }
    }
  }

  /** The lines of each name that is not cleared. A line that a crash has torn stays torn. */
  static Map<String, String> read(byte[] ledger) {
    Map<String, String> open = new LinkedHashMap<>();
    new String(ledger, UTF_8).lines().forEach(line -> {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        String name = line.substring(0, tab);
        String own = line.substring(tab + 1);
        if (own.equals(GroupCommitLog.CLEARED)) {
          open.remove(name);
        } else {
          open.merge(name, own + "\n", String::concat);
        }
      }
    });
    return open;
  }

  /** Makes the names of a directory's files survive a loss of power. */
  static void flush(Path directory) throws IOException {
    try (FileChannel names = FileChannel.open(directory)) {
      names.force(true);
    }
  }

  private static byte[] lines(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }

  /** Nothing for what a torn line has made of a name. */
  private static Optional<Path> file(Path root, String name) {
    Path file = root.resolve(name).normalize();
    return name.endsWith(".jsonl") && file.startsWith(root.normalize()) ? Optional.of(file) : Optional.empty();
  }

  private static List<String> names(Path root, String extension) throws IOException {
    if (Files.notExists(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(root)) {
      return files.map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(NAME) && name.endsWith(extension))
          .map(name -> name.substring(0, name.length() - extension.length()))
          .sorted()
          .toList();
    }
  }
}
