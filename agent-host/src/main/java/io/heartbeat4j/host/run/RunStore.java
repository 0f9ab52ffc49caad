package io.heartbeat4j.host.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The accepted runs, in one file that survives a kill: a write is on disk when its future completes. Runs that are over are
 * forgotten after a week. Confined to the host's event loop, which it never blocks; writes that come together share one
 * flush.
 */
final class RunStore {

  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);
  // each commit is followed by a flush; with the standard 45 s a busy host's file grows to hundreds of MB
  private static final int RETENTION_MILLIS = 1_000;
  private static final int FILLED_PERCENT = 50;
  private static final int MOST_COMPACTED = 4 << 20;

  private final Vertx vertx;
  private final Clock clock;
  private final MVStore store;
  private final MVMap<String, String> runs;
  private List<StoredRun> waiting = new ArrayList<>();
  private @Nullable Promise<Void> nextFlush;
  private boolean flushing;
  private Instant lastSweep = Instant.MIN;

  private RunStore(Vertx vertx, Clock clock, MVStore store) {
    this.vertx = vertx;
    this.clock = clock;
    this.store = store;
    this.runs = store.openMap("runs");
  }

  /**
   * Opens or makes the file. Blocks.
   *
   * @throws UncheckedIOException if the directory can't be written, or another host has the file
   */
  static RunStore open(Vertx vertx, Clock clock, Path directory) {
    Path file = directory.resolve("runs.mv");
    try {
      Files.createDirectories(directory);
      MVStore store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().open();
      store.setRetentionTime(RETENTION_MILLIS);
      return new RunStore(vertx, clock, store);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the state directory " + directory + " can't be made: set 'state-dir' to one that"
          + " this user can write", unwritable);
    } catch (MVStoreException taken) {
      throw new UncheckedIOException("the runs in " + file + " can't be opened: another host uses them, or this user may"
          + " not write there", new IOException(taken));
    }
  }

  Future<Optional<StoredRun>> find(RunId run) {
    return vertx.executeBlocking(() -> Optional.ofNullable(runs.get(run.toString())).map(RunStore::parse), false);
  }

  /** Those that were accepted and have not ended, oldest first. */
  Future<List<StoredRun>> unfinished() {
    return vertx.executeBlocking(() -> runs.values().stream()
        .map(RunStore::parse)
        .filter(run -> run.ending() == null)
        .sorted(java.util.Comparator.comparing(StoredRun::acceptedAt))
        .toList(), false);
  }

  Future<Void> put(StoredRun run) {
    waiting.add(run);
    Promise<Void> flush = nextFlush;
    if (flush == null) {
      flush = Promise.promise();
      nextFlush = flush;
    }
    Future<Void> durable = flush.future();
    if (!flushing) {
      flush();
    }
    return durable;
  }

  private void flush() {
    Promise<Void> done = nextFlush;
    if (done == null) {
      return;
    }
    List<StoredRun> batch = waiting;
    waiting = new ArrayList<>();
    nextFlush = null;
    flushing = true;
    boolean sweep = lastSweep.isBefore(clock.instant().minus(BETWEEN_SWEEPS));
    if (sweep) {
      lastSweep = clock.instant();
    }
    vertx.<Void>executeBlocking(() -> {
      batch.forEach(run -> runs.put(run.run().toString(), json(run)));
      if (sweep) {
        sweep();
      }
      store.commit();
      store.sync();
      return null;
    }, false).onComplete(written -> {
      flushing = false;
      done.handle(written);
      flush();
    });
  }

  /** Forgets the run, as if it had never come. */
  Future<Void> remove(RunId run) {
    return vertx.executeBlocking(() -> {
      runs.remove(run.toString());
      store.commit();
      return null;
    }, false);
  }

  /**
   * Moves all runs of another directory's file in here, but for those that are here already. Whatever it is interrupted by,
   * each run is in one of the files.
   */
  Future<Void> absorb(Path directory) {
    return vertx.executeBlocking(() -> {
      RunStore left = open(vertx, clock, directory);
      try {
        left.runs.forEach(runs::putIfAbsent);
        store.commit();
        store.sync();
        left.runs.clear();
      } finally {
        left.store.close();
      }
      return null;
    }, false);
  }

  private void sweep() {
    Instant limit = clock.instant().minus(KEPT);
    List<String> old = runs.values().stream()
        .map(RunStore::parse)
        .filter(run -> run.ending() != null && run.ending().at().isBefore(limit))
        .map(run -> run.run().toString())
        .toList();
    old.forEach(runs::remove);
    store.compact(FILLED_PERCENT, MOST_COMPACTED);
  }

  Future<Void> close() {
    return vertx.executeBlocking(() -> {
      store.close();
      return null;
    }, false);
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
