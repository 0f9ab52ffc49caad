package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Files of one process that runs many agents: what is written often and by many at once is in {@link SegmentLog}s, all
 * else in a {@link FileStorage file a record}. The directory is this process's alone.
 */
public final class HostFileStorage implements StorageSession {

  private static final String SEGMENTS = "_segments"; // no folder of a server begins with an underscore

  /** Folders whose records are in a segment log of their own: a folder at the root, or one of that name below it. */
  private final Map<String, SegmentLog> logs = new TreeMap<>();
  private final FileStorage files;
  private final Map<String, List<Consumer<String>>> receivers = new ConcurrentHashMap<>();

  private HostFileStorage(FileStorage files) {
    this.files = files;
  }

  /**
   * Opens or creates the storage. Blocks.
   *
   * @param frequent the names of the folders that are written often
   * @param blocking runs what blocks; any number of actions at once
   * @throws IOException if the directory can't be used or another process uses it, in words for an operator
   */
  public static HostFileStorage open(Path root, List<String> frequent, Executor blocking, Clock clock)
      throws IOException {
    HostFileStorage storage = new HostFileStorage(new FileStorage(root, blocking, clock));
    try {
      for (String folder : frequent) {
        storage.logs.put(folder, SegmentLog.open(root.resolve(SEGMENTS).resolve(folder), blocking, clock));
      }
    } catch (IOException | RuntimeException failed) {
      storage.logs.values().forEach(SegmentLog::close);
      throw failed;
    }
    return storage;
  }

  /** The records in the segment log of a folder, also while another process writes to it. Blocks. */
  public static Map<String, byte[]> scan(Path root, String folder) throws IOException {
    return SegmentFolder.scan(root.resolve(SEGMENTS).resolve(folder));
  }

  /**
   * Turns the records of a folder that a host has left, and that no live process has claimed, into files of their own,
   * where a one-shot run finds them. Does nothing while the host lives. Blocks.
   */
  public static void separate(Path root, String folder, Clock clock) throws IOException {
    Path directory = root.resolve(SEGMENTS).resolve(folder);
    if (Files.isDirectory(directory) && !SegmentFolder.scan(directory).isEmpty()) {
      SegmentLog.separate(directory, new FileStorage(root, Runnable::run, clock), clock);
    }
  }

  private Optional<SegmentLog> log(String name) {
    for (Map.Entry<String, SegmentLog> log : logs.entrySet()) {
      if (name.startsWith(log.getKey() + "/") || name.contains("/" + log.getKey() + "/")) {
        return Optional.of(log.getValue());
      }
    }
    return Optional.empty();
  }

  /** The log of a folder's records. A record that is a file of its own, as of a one-shot run, stays one. */
  private Optional<SegmentLog> logOf(String name) {
    return log(name).filter(log -> log.contains(name) || !files.exists(name));
  }

  @Override
  public Future<List<String>> list(String folder) {
    return log(folder + "/").map(log -> files.list(folder).map(names -> {
      TreeSet<String> all = new TreeSet<>(names);
      all.addAll(log.list(folder));
      return List.copyOf(all);
    })).orElseGet(() -> files.list(folder));
  }

  @Override
  public Future<List<String>> folders(String folder) {
    return files.folders(folder).map(names -> {
      TreeSet<String> all = new TreeSet<>(names);
      all.remove(SEGMENTS);
      logs.values().forEach(log -> all.addAll(log.folders(folder)));
      return List.copyOf(all);
    });
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return logOf(name).map(log -> log.read(name)).orElseGet(() -> files.read(name));
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return logOf(name).map(log -> log.replace(name, content)).orElseGet(() -> files.replace(name, content));
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return logOf(name).map(log -> log.append(name, bytes)).orElseGet(() -> files.append(name, bytes));
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return logOf(name).map(log -> log.claim(name)).orElseGet(() -> files.claim(name));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    return log(folder + "/").map(log -> log.claimAll(folder)).orElseGet(() -> files.claimAll(folder));
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return log(folder + "/").map(log -> log.expire(folder, unchangedFor))
        .orElseGet(() -> files.expire(folder, unchangedFor));
  }

  @Override
  public void onClaimsLost(Runnable action) {
    // the claims of files end with the process only
  }

  @Override
  public boolean holdsClaims() {
    return true;
  }

  @Override
  public void publish(String topic, String text) {
    receivers.getOrDefault(topic, List.of()).forEach(receiver -> receiver.accept(text));
  }

  @Override
  public void subscribe(String topic, Consumer<String> receiver) {
    receivers.computeIfAbsent(topic, first -> new CopyOnWriteArrayList<>()).add(receiver);
  }

  @Override
  public boolean isShared() {
    return false;
  }

  /** None: {@link #open} keeps them out. */
  @Override
  public Future<List<String>> otherProcesses() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Void> close() {
    return Future.join(logs.values().stream().map(SegmentLog::close).toList()).mapEmpty();
  }
}
