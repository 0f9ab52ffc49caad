package io.heartbeat4j.heartbeat.memory;

import io.heartbeat4j.storage.DirectoryArchive;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What workers keep for an issue: directories {@code <server>/<company>/<agent>/workers/<issue>}, or records of that name
 * with {@code .zip} where hosts share a storage. Blocks.
 */
public final class WorkerDirectories {

  static final String FOLDER = "workers";

  private static final String EXTENSION = ".zip";
  private static final int DEPTH = 4; // server, company, agent, workers

  /** In bytes, of the files that a worker keeps for an issue where hosts share a storage. */
  private static final long MAX_BYTES = 64L << 20;

  private final Path root;
  private final Storage storage;

  /**
   * All directories below the root.
   *
   * @param storage the records, by the same names
   */
  public WorkerDirectories(Path root, Storage storage) {
    this.root = root;
    this.storage = storage;
  }

  /** A move of the directories of all agents. */
  @FunctionalInterface
  public interface Move {
    void run() throws IOException;
  }

  /** Whether a folder of the storage holds these records. */
  public static boolean isFolder(String name) {
    return Path.of(name).getNameCount() == DEPTH && name.endsWith("/" + FOLDER);
  }

  /** Replaces the directory by the record's content; it is empty afterwards where there is no record. */
  void unpack(String name) throws IOException {
    DirectoryArchive.unpack(Storage.await(storage.read(name + EXTENSION)).orElseGet(() -> new byte[0]),
        root.resolve(name));
  }

  /** Keeps the content of the directory in the record; an empty one leaves the record as it was. */
  void pack(String name) throws IOException {
    Path directory = root.resolve(name);
    if (!isEmpty(directory)) {
      Storage.await(storage.replace(name + EXTENSION, DirectoryArchive.pack(directory, MAX_BYTES)));
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  /** Packs all directories into records, and removes each. */
  public void moveToRecords() throws IOException {
    for (String name : directories()) {
      Path directory = root.resolve(name);
      pack(name);
      DirectoryArchive.clear(directory);
      Files.delete(directory);
    }
  }

  private List<String> directories() throws IOException {
    try (Stream<Path> all = Files.walk(root, DEPTH + 1)) {
      return all.map(root::relativize)
          .filter(path -> path.getNameCount() == DEPTH + 1 && isFolder(String.valueOf(path.getParent())))
          .filter(path -> Files.isDirectory(root.resolve(path))).map(Path::toString).sorted().toList();
    }
  }

  /** Unpacks all records into directories, and removes each. What is left there from earlier work is replaced. */
  public void moveToDirectories() throws IOException {
    for (String record : records("", 0)) {
      unpack(record.substring(0, record.length() - EXTENSION.length()));
      Optional<Storage.Claim> claim = Storage.await(storage.claim(record));
      Storage.await(claim.orElseThrow(() -> new StorageException(record + " is used by another process")).delete());
    }
  }

  private List<String> records(String folder, int depth) throws IOException {
    if (depth == DEPTH) {
      return isFolder(folder) ? Storage.await(storage.list(folder)) : List.of();
    }
    List<String> records = new ArrayList<>();
    for (String each : Storage.await(storage.folders(folder))) {
      records.addAll(records(each, depth + 1));
    }
    return records;
  }
}
