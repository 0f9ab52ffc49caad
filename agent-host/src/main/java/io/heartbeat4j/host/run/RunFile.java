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
 * The file of a {@link RunStore}. The library gives a file up at the first write that fails; it is opened again for
 * whatever is asked next, and has what was written whole. Blocks; thread-safe, and who reads does not wait for who
 * writes.
 */
final class RunFile {

  // each commit is followed by a flush; with the standard 45 s a busy host's file grows to hundreds of MB
  /** The map's name is the format's type id: records of another format are in another map. */
  private static final String FORMAT = "stored-run/1";

  private static final int RETENTION_MILLIS = 1_000;
  private static final int FILLED_PERCENT = 50;
  private static final int MOST_COMPACTED = 4 << 20;

  private final String name;
  private Opened file; // guarded by this, as is the next
  private boolean ended;

  private RunFile(String name, Opened file) {
    this.name = name;
    this.file = file;
  }

  private record Opened(MVStore store, MVMap<String, String> runs) {

    static Opened of(String name) {
      MVStore store = new MVStore.Builder().fileName(name).autoCommitDisabled().open();
      store.setRetentionTime(RETENTION_MILLIS);
      return new Opened(store, store.openMap(FORMAT));
    }

    void save() {
      store.commit();
      store.sync();
    }
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
      return new RunFile(file, Opened.of(file));
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the state directory " + directory + " can't be made: set 'state-dir' to one that"
          + " this user can write", unwritable);
    } catch (MVStoreException taken) {
      throw new UncheckedIOException(
          "the runs in " + file + " can't be opened: another host uses them, or this user may"
              + " not write there",
          new IOException(taken));
    }
  }

  private synchronized Opened file() {
    if (file.store().isClosed() && !ended) {
      file = Opened.of(name);
    }
    return file;
  }

  Optional<StoredRun> find(RunId run) {
    try {
      return read(run);
    } catch (MVStoreException givenUp) { // by a write that failed just now
      return read(run);
    }
  }

  private Optional<StoredRun> read(RunId run) {
    return Optional.ofNullable(file().runs().get(run.toString())).map(RunFile::parse);
  }

  /** Those that were accepted and have not ended, oldest first. */
  List<StoredRun> unfinished() {
    return file().runs().values().stream()
        .map(RunFile::parse)
        .filter(run -> run.ending() == null)
        .sorted(Comparator.comparing(StoredRun::acceptedAt))
        .toList();
  }

  /** On disk when it returns. */
  void write(List<StoredRun> batch) {
    Opened file = file();
    batch.forEach(run -> file.runs().put(run.run().toString(), json(run)));
    file.save();
  }

  void remove(RunId run) {
    Opened file = file();
    file.runs().remove(run.toString());
    file.store().commit();
  }

  /**
   * Moves all runs of another directory's file in here, but for those that are here already. Whatever it is interrupted
   * by, each run is in one of the files.
   */
  void absorb(Path directory) {
    Opened file = file();
    RunFile left = open(directory);
    try {
      left.file().runs().forEach(file.runs()::putIfAbsent);
      file.save();
      left.file().runs().clear();
    } finally {
      left.close();
    }
  }

  /** Forgets the runs that were over by then. */
  void sweep(Instant limit) {
    Opened file = file();
    List<String> old = file.runs().values().stream()
        .map(RunFile::parse)
        .filter(run -> run.ending() != null && run.ending().at().isBefore(limit))
        .map(run -> run.run().toString())
        .toList();
    old.forEach(file.runs()::remove);
    file.store().compact(FILLED_PERCENT, MOST_COMPACTED);
  }

  synchronized void close() {
    ended = true;
    file.store().close();
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
