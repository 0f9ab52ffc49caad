package io.heartbeat4j.host.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.protocol.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * The file of a {@link RunStore}. The library gives a file up at the first write that fails; it is opened again for whatever
 * is asked next, and has what was written whole. Blocks; thread-safe.
 */
final class RunFile {

  // each commit is followed by a flush; with the standard 45 s a busy host's file grows to hundreds of MB
  private static final int RETENTION_MILLIS = 1_000;
  private static final int FILLED_PERCENT = 50;
  private static final int MOST_COMPACTED = 4 << 20;

  private final String name;
  private MVStore store; // guarded by this, as is the map
  private MVMap<String, String> runs;
  private boolean ended;

  private RunFile(String name, MVStore store) {
    this.name = name;
    this.store = store;
    this.runs = store.openMap("runs");
  }

  /**
   * Opens or makes it.
   *
   * @throws UncheckedIOException if the directory can't be written, or another host has the file
   */
  static RunFile open(Path directory) {
    return open(directory, "");
  }

  /** @param scheme of the library's file systems; empty for the disk */
  static RunFile open(Path directory, String scheme) {
    String file = scheme + directory.resolve("runs.mv");
    try {
      Files.createDirectories(directory);
      return new RunFile(file, opened(file));
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the state directory " + directory + " can't be made: set 'state-dir' to one that"
          + " this user can write", unwritable);
    } catch (MVStoreException taken) {
      throw new UncheckedIOException("the runs in " + file + " can't be opened: another host uses them, or this user may"
          + " not write there", new IOException(taken));
    }
  }

  private static MVStore opened(String name) {
    MVStore store = new MVStore.Builder().fileName(name).autoCommitDisabled().open();
    store.setRetentionTime(RETENTION_MILLIS);
    return store;
  }

  private MVMap<String, String> runs() {
    if (store.isClosed() && !ended) {
      store = opened(name);
      runs = store.openMap("runs");
    }
    return runs;
  }

  synchronized Optional<StoredRun> find(RunId run) {
    return Optional.ofNullable(runs().get(run.toString())).map(RunFile::parse);
  }

  /** Those that were accepted and have not ended, oldest first. */
  synchronized List<StoredRun> unfinished() {
    return runs().values().stream()
        .map(RunFile::parse)
        .filter(run -> run.ending() == null)
        .sorted(Comparator.comparing(StoredRun::acceptedAt))
        .toList();
  }

  /** On disk when it returns. */
  synchronized void write(List<StoredRun> batch) {
    batch.forEach(run -> runs().put(run.run().toString(), json(run)));
    store.commit();
    store.sync();
  }

  synchronized void remove(RunId run) {
    runs().remove(run.toString());
    store.commit();
  }

  /**
   * Moves all runs of another directory's file in here, but for those that are here already. Whatever it is interrupted by,
   * each run is in one of the files.
   */
  synchronized void absorb(Path directory) {
    RunFile left = open(directory);
    try {
      left.runs.forEach(runs()::putIfAbsent);
      store.commit();
      store.sync();
      left.runs.clear();
    } finally {
      left.close();
    }
  }

  /** Forgets the runs that were over by then. */
  synchronized void sweep(Instant limit) {
    List<String> old = runs().values().stream()
        .map(RunFile::parse)
        .filter(run -> run.ending() != null && run.ending().at().isBefore(limit))
        .map(run -> run.run().toString())
        .toList();
    old.forEach(runs::remove);
    store.compact(FILLED_PERCENT, MOST_COMPACTED);
  }

  synchronized void close() {
    ended = true;
    store.close();
  }

  private static String json(StoredRun run) {
    try {
      return ProtocolJson.mapper().writeValueAsString(run);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static StoredRun parse(String json) {
    try {
      return ProtocolJson.mapper().readValue(json, StoredRun.class);
    } catch (JsonProcessingException foreign) {
      throw new UncheckedIOException("the file of runs holds something else", foreign);
    }
  }
}
