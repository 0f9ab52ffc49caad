package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accepted runs, in one file that survives a kill: a write is on disk when its future completes. Runs that are over
 * are forgotten after a week. Confined to the host's event loop, which it never blocks; writes that come together share
 * one flush.
 *
 * <p>Where the disk fails, as when it is full, runs are kept in memory with a warning, since a refused wake would park
 * its issue. They are written as soon as the disk accepts writes again; a restart before that loses them.
 */
final class RunStore {

  private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Duration SWEEP_INTERVAL = Duration.ofHours(1);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(2);
  private static final int MAX_UNSAVED = 10_000;

  private final Vertx vertx;
  private final Clock clock;
  private final Path directory;
  private final RunFile file;
  private final Map<RunId, StoredRun> unsaved = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<RunId, StoredRun> eldest) {
      return size() > MAX_UNSAVED;
    }
  };
  private List<StoredRun> waiting = new ArrayList<>();
  private @Nullable Promise<Void> nextFlush;
  private boolean flushing;
  private boolean retryScheduled; // the next attempt, while the disk fails
  private Instant lastSweep = Instant.MIN;

  RunStore(Vertx vertx, Clock clock, Path directory, RunFile file) {
    this.vertx = vertx;
    this.clock = clock;
    this.directory = directory;
    this.file = file;
  }

  /**
   * Opens or makes the file. Blocks.
   *
   * @throws java.io.UncheckedIOException if the directory can't be written, or another host has the file
   */
  static RunStore open(Vertx vertx, Clock clock, Path directory) {
    return new RunStore(vertx, clock, directory, RunFile.open(directory));
  }

  Future<Optional<StoredRun>> find(RunId run) {
    StoredRun here = unsaved.get(run);
    return here != null
        ? Future.succeededFuture(Optional.of(here))
        : vertx.executeBlocking(() -> file.find(run), false);
  }

  /** Those that were accepted and have not ended, oldest first. */
  Future<List<StoredRun>> unfinished() {
    return vertx.executeBlocking(file::unfinished, false);
  }

  /** How many runs are not persisted. */
  int unsaved() {
    return unsaved.size();
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
    List<StoredRun> batch = new ArrayList<>(unsaved.values());
    batch.addAll(waiting);
    waiting = new ArrayList<>();
    nextFlush = null;
    flushing = true;
    boolean sweep = lastSweep.isBefore(clock.instant().minus(SWEEP_INTERVAL));
    if (sweep) {
      lastSweep = clock.instant();
    }
    vertx.<Void>executeBlocking(() -> {
      file.write(batch);
      if (sweep) {
        file.sweep(clock.instant().minus(RETENTION));
      }
      return null;
    }, false).onComplete(written -> {
      flushing = false;
      if (written.succeeded()) {
        onSaved();
      } else {
        retainInMemory(batch, written.cause());
      }
      done.complete();
      flush();
    });
  }

  private void onSaved() {
    if (!unsaved.isEmpty()) {
      LOG.info("the runs in {} are on disk again", directory);
      unsaved.clear();
    }
  }

  private void retainInMemory(List<StoredRun> batch, Throwable failure) {
    if (unsaved.isEmpty()) {
      LOG.error(
          "runs can't be stored in {} ({}): the host goes on with them in memory, and a restart would forget them;"
              + " make room there",
          directory, failure.getMessage());
    }
    batch.forEach(run -> unsaved.put(run.run(), run));
    if (!retryScheduled) {
      retryScheduled = true;
      vertx.setTimer(RETRY_DELAY.toMillis(), again -> retryWrite());
    }
  }

  private void retryWrite() {
    retryScheduled = false;
    if (!flushing && !unsaved.isEmpty()) {
      nextFlush = Promise.promise();
      flush();
    }
  }

  /** Removes the run. */
  Future<Void> remove(RunId run) {
    unsaved.remove(run);
    return vertx.executeBlocking(() -> {
      file.remove(run);
      return null;
    }, false);
  }

  /** {@linkplain RunFile#absorb Takes in} what another host has left in its directory. */
  Future<Void> absorb(Path directory) {
    return vertx.executeBlocking(() -> {
      file.absorb(directory);
      return null;
    }, false);
  }

  Future<Void> close() {
    return vertx.executeBlocking(() -> {
      file.close();
      return null;
    }, false);
  }
}
