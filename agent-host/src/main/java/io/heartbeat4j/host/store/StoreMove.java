package io.heartbeat4j.host.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbeat4j.heartbeat.memory.WorkerDirectories;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.storage.StorageSession;
import io.heartbeat4j.worker.Secret;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Moves all records from one storage to another, of which no other process uses either. A record is written to its new
 * place before it is removed from the old one, so that a move that was interrupted is continued by another one, or
 * undone by one in the other direction. Until then both storages have a mark, with which no host starts. Blocks.
 */
public final class StoreMove {

  static final String MARK = "_move/open";

  private static final int AT_ONCE = 50;

  private final StorageSession from;
  private final StorageSession to;

  private StoreMove(StorageSession from, StorageSession to) {
    this.from = from;
    this.to = to;
  }

  /** Moves a host's files into a storage that several hosts share; see {@link #run}. */
  public static int importFiles(Path directory, Secret url, Map<String, String> environment, Redactor redactor)
      throws IOException {
    return between(directory, url, environment, redactor, (files, shared) -> new StoreMove(files, shared)
        .run(new WorkerDirectories(directory, shared)::moveToRecords));
  }

  /** Moves all records of a shared storage into files of one host; see {@link #run}. */
  public static int exportFiles(Path directory, Secret url, Map<String, String> environment, Redactor redactor)
      throws IOException {
    return between(directory, url, environment, redactor, (files, shared) -> new StoreMove(shared, files)
        .run(new WorkerDirectories(directory, shared)::moveToDirectories));
  }

  private interface Both {
    int move(StorageSession files, StorageSession shared) throws IOException;
  }

  private static int between(
      Path directory, Secret url, Map<String, String> environment, Redactor redactor, Both both) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      StorageSession files = HostStorage.openFiles(directory, threads, Clock.systemUTC());
      try {
        StorageSession shared = Storage.await(HostStorage.connect(url, environment, redactor));
        try {
          return both.move(files, shared);
        } finally {
          Storage.await(shared.close());
        }
      } finally {
        Storage.await(files.close());
      }
    }
  }

  /**
   * Moves the records, and by the action what workers have left in their directories.
   *
   * @return how many records
   * @throws StorageException if another process uses one of the storages or there is another record of a name; then
   *     nothing was moved
   */
  private int run(WorkerDirectories.Move workers) throws IOException {
    List<String> names = names();
    requireNoOther(names);
    mark();
    for (int i = 0; i < names.size(); i += AT_ONCE) {
      Storage
          .await(Future.join(names.subList(i, Math.min(names.size(), i + AT_ONCE)).stream().map(this::move).toList()));
    }
    workers.run();
    for (StorageSession each : List.of(from, to)) {
      unmark(each);
    }
    return names.size();
  }

  /** All of the storage, but for marks, and for what workers have left in their directories. */
  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (String folder : Storage.await(from.folders(""))) {
      addNames(folder, names);
    }
    return names;
  }

  private void addNames(String folder, List<String> names) throws IOException {
    if (MARK.startsWith(folder + "/") || WorkerDirectories.isFolder(folder)) {
      return;
    }
    names.addAll(Storage.await(from.list(folder)));
    for (String each : Storage.await(from.folders(folder))) {
      addNames(each, names);
    }
  }

  private void requireNoOther(List<String> names) throws IOException {
    for (String name : names) {
      byte[] there = Storage.await(to.read(name)).orElse(new byte[0]);
      if (there.length > 0 && !Arrays.equals(there, Storage.await(from.read(name)).orElse(there))) {
        throw new StorageException("nothing was moved: both stores have a record " + name
            + ", with different content; remove the one that is not to be kept");
      }
    }
  }

  /** A host that starts later sees the mark; one that has started before is seen here. */
  private void mark() throws IOException {
    boolean marked = Storage.await(to.read(MARK)).isPresent();
    for (StorageSession each : List.of(to, from)) {
      Storage.await(each.replace(MARK, "records are being moved\n".getBytes(UTF_8)));
    }
    for (StorageSession each : List.of(from, to)) {
      List<String> others = Storage.await(each.otherProcesses());
      if (!others.isEmpty()) {
        if (!marked) {
          unmark(from);
          unmark(to);
        }
        throw new StorageException("nothing was moved: the store is used by " + String.join(", ", others)
            + "; stop it. A host that was killed counts until its lease is over");
      }
    }
  }

  private static void unmark(Storage storage) throws IOException {
    Storage.Claim mark = Storage.await(storage.claim(MARK))
        .orElseThrow(() -> new StorageException("another 'heartbeat store' moves the records"));
    Storage.await(mark.delete());
  }

  private Future<Void> move(String name) {
    return from.claim(name).compose(claimed -> claimed
        .map(claim -> claim.content().length == 0 // a lock, or a name that was claimed and never written
            ? claim.delete()
            : to.replace(name, claim.content()).compose(written -> claim.delete(),
                failed -> claim.release().transform(released -> Future.failedFuture(failed))))
        .orElseGet(() -> Future.failedFuture(
            new StorageException("the record " + name + " is used by a heartbeat: wait for its end"))));
  }
}
