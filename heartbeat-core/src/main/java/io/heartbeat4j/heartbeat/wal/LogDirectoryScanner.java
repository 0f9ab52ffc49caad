package io.heartbeat4j.heartbeat.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.HostFileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the log entries of all agents under a state directory, live ones included, for display. Claims nothing and
 * changes nothing. Blocks.
 */
public final class LogDirectoryScanner {

  /** In {@code server/company/agent/journal/entry.jsonl}. Other files of an agent are not read. */
  private static final int AGENT = 2;

  /**
   * An entry and the file that holds it.
   *
   * @param server the server's host as it names the directory
   * @param file the file of the entry; of a host's entry, which is in a segment of its log, its name there
   */
  public record FoundEntry(String server, String company, String agent, Path file, LogEntry entry) {}

  private LogDirectoryScanner() {}

  /**
   * The entries, oldest first; none where there is no such directory. Reads files, so not for a process that has claims
   * of its own on them (see {@link io.heartbeat4j.storage.FileStorage}).
   *
   * @throws IOException if the directory can't be read
   */
  public static List<FoundEntry> scan(Path root) throws IOException {
    LogRecordJson json = new LogRecordJson(Redactor.of(List.of()));
    List<FoundEntry> found = new ArrayList<>();
    for (Map.Entry<String, byte[]> record : HostFileStorage.scan(root, WriteAheadLog.FOLDER).entrySet()) {
      LogEntry.read(new String(record.getValue(), UTF_8), json)
          .ifPresent(entry -> found.add(foundEntry(root, root.resolve(record.getKey()), entry)));
    }
    for (Path file : files(root)) {
      try {
        LogEntry.read(new String(Files.readAllBytes(file), UTF_8), json)
            .ifPresent(entry -> found.add(foundEntry(root, file, entry)));
      } catch (NoSuchFileException settled) {
        // in the meantime
      }
    }
    found.sort(Comparator.comparing(pending -> pending.entry().startedAt()));
    return found;
  }

  private static FoundEntry foundEntry(Path root, Path file, LogEntry entry) {
    Path below = root.relativize(file);
    return new FoundEntry(
        below.getName(0).toString(), below.getName(1).toString(), below.getName(AGENT).toString(), file, entry);
  }

  private static List<Path> files(Path root) throws IOException {
    if (Files.notExists(root)) {
      return List.of();
    }
    List<Path> agents;
    try (Stream<Path> all = Files.walk(root, AGENT + 1)) {
      agents = all.filter(path -> root.relativize(path).getNameCount() == AGENT + 1).toList();
    }
    List<Path> found = new ArrayList<>();
    for (Path agent : agents) {
      found.addAll(entries(agent.resolve("journal")));
    }
    return found;
  }

  private static List<Path> entries(Path journal) throws IOException {
    try (Stream<Path> files = Files.list(journal)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).toList();
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
  }
}
