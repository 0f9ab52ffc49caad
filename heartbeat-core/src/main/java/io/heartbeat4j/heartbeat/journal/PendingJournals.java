package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.heartbeat.redact.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * All journals under a state directory, to be looked at: of every server, company and agent. Claims nothing and changes
 * nothing. Reads files, so not for a process that has claims of its own on them (see {@code Folder}). Blocks.
 */
public final class PendingJournals {

  /** {@code server/company/agent/journal/entry.jsonl}. */
  private static final int DEPTH = 5;

  /**
   * An entry where it lies.
   *
   * @param server the server's host as it names the directory
   */
  public record Pending(String server, String company, String agent, Path file, Entry entry) {}

  private PendingJournals() {}

  /**
   * The entries, oldest first; none where there is no such directory.
   *
   * @throws IOException if the directory can't be read
   */
  public static List<Pending> under(Path root) throws IOException {
    JournalJson json = new JournalJson(Redactor.of(List.of()));
    List<Pending> found = new ArrayList<>();
    for (Path file : files(root)) {
      Path below = root.relativize(file);
      try {
        Entry.read(Files.readAllBytes(file), json, Clock.systemUTC()).ifPresent(entry -> found.add(new Pending(
            below.getName(0).toString(), below.getName(1).toString(), below.getName(2).toString(), file, entry)));
      } catch (NoSuchFileException settled) {
        // in the meantime
      }
    }
    found.sort(Comparator.comparing(pending -> pending.entry().since()));
    return found;
  }

  private static List<Path> files(Path root) throws IOException {
    if (Files.notExists(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root, DEPTH)) {
      return all.filter(file -> file.toString().endsWith(".jsonl")
          && root.relativize(file).getNameCount() == DEPTH
          && root.relativize(file).getName(DEPTH - 2).toString().equals("journal")).toList();
    }
  }
}
