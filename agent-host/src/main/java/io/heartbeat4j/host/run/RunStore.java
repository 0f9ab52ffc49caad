package io.heartbeat4j.host.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accepted runs in the storage: {@code _runs/open/<id>} is claimed by the host that executes the run, {@code
 * _runs/ended/<id>} holds its result for a week. Confined to the host's event loop.
 *
 * <p>Where the disk fails, as when it is full, runs are kept in memory with a warning, since a refused wake would park
 * its issue. They are written as soon as the disk accepts writes again; a restart before that loses them.
 */
final class RunStore {

  private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);
  private static final String OPEN = RunCoordinator.RUNS_FOLDER + "/open";
  private static final String ENDED = RunCoordinator.RUNS_FOLDER + "/ended";
  private static final String SET_ASIDE = RunCoordinator.RUNS_FOLDER + "/set-aside";
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final long SWEEP_MILLIS = Duration.ofHours(1).toMillis();
  private static final long RETRY_MILLIS = 2_000;

  private final Context loop;
  private final Storage storage;
  private final String location;
  private final Map<RunId, Storage.Claim> claims = new HashMap<>();
  private final Map<RunId, UnsavedRun> unsaved = new LinkedHashMap<>();
  private final long sweep;
  private boolean retryScheduled;

  /** A run that the disk has not taken, and the write that is to be tried again. */
  private record UnsavedRun(StoredRun run, Supplier<Future<Void>> write) {}

  /** @param location of the storage, for messages */
  RunStore(Context loop, Storage storage, String location) {
    this.loop = loop;
    this.storage = storage;
    this.location = location;
    this.sweep = loop.owner().setPeriodic(SWEEP_MILLIS, due -> storage.expire(ENDED, RETENTION)
        .onFailure(failed -> LOG.warn("old runs in {} could not be deleted: {}", location, failed.getMessage())));
  }

  /** The run, wherever it is executed; empty where no host has accepted it. */
  Future<Optional<StoredRun>> find(RunId run) {
    UnsavedRun here = unsaved.get(run);
    if (here != null) {
      return Future.succeededFuture(Optional.of(here.run()));
    }
    return here(storage.read(ENDED + "/" + run).compose(ended -> ended.isPresent()
        ? Future.succeededFuture(ended)
        : storage.read(OPEN + "/" + run)))
        .map(content -> content.filter(json -> json.length > 0).map(RunStore::parse));
  }

  /** Claims and persists an accepted run; false if another host has accepted it at the same time. */
  Future<Boolean> accept(StoredRun run) {
    return here(storage.claim(OPEN + "/" + run.run()))
        .compose(claim -> {
          if (claim.isEmpty()) {
            return Future.succeededFuture(false);
          }
          claims.put(run.run(), claim.get());
          return persist(run, () -> claim.get().append(json(run), true)).map(true);
        });
  }

  /** Persists the result of an accepted run and gives up its claim. */
  Future<Void> end(StoredRun run) {
    Storage.Claim claim = claims.remove(run.run());
    Supplier<Future<Void>> write = claim == null
        ? () -> storage.replace(ENDED + "/" + run.run(), json(run))
        : () -> claim.moveTo(ENDED + "/" + run.run(), json(run));
    return persist(run, write);
  }

  /** Gives up the claims on runs that have not begun: the next host takes them. */
  Future<Void> release(RunId run) {
    Storage.Claim claim = claims.remove(run);
    return claim == null ? Future.succeededFuture() : here(claim.release());
  }

  /** Drops a claim that is lost. */
  void forget(RunId run) {
    claims.remove(run);
    unsaved.remove(run);
  }

  /** Claims the runs that were accepted, have not ended, and are claimed by no live host; oldest first. */
  Future<List<StoredRun>> claimUnfinished() {
    return here(storage.claimAll(OPEN)).compose(found -> {
      List<StoredRun> unfinished = new ArrayList<>();
      List<Future<Void>> checked = found.stream().map(claim -> claimUnfinished(claim, unfinished)).toList();
      return Future.join(checked).map(all -> unfinished.stream()
          .sorted(Comparator.comparing(StoredRun::acceptedAt)).toList());
    });
  }

  /** A run without content was never accepted; one whose result is there was interrupted while it was moved. */
  private Future<Void> claimUnfinished(Storage.Claim claim, List<StoredRun> unfinished) {
    if (claim.content().length == 0) {
      return here(claim.delete());
    }
    StoredRun run;
    try {
      run = parse(claim.content());
    } catch (UncheckedIOException foreign) {
      String kept = SET_ASIDE + claim.name().substring(claim.name().lastIndexOf('/'));
      LOG.warn("{} in {} is no run of this version: it is kept as {} and not resumed", claim.name(), location, kept);
      return here(claim.moveTo(kept, claim.content()));
    }
    return here(storage.read(ENDED + "/" + run.run())).compose(ended -> {
      if (ended.isPresent()) {
        return here(claim.delete());
      }
      claims.put(run.run(), claim);
      unfinished.add(run);
      return Future.succeededFuture();
    });
  }

  /** How many runs are not persisted. */
  int unsaved() {
    return unsaved.size();
  }

  private Future<Void> persist(StoredRun run, Supplier<Future<Void>> write) {
    return here(write.get()).recover(failed -> {
      if (failed instanceof ClaimLostException) {
        return Future.failedFuture(failed);
      }
      retainInMemory(run, write, failed);
      return Future.succeededFuture();
    });
  }

  private void retainInMemory(StoredRun run, Supplier<Future<Void>> write, Throwable failure) {
    if (unsaved.isEmpty()) {
      LOG.error("runs can't be stored in {} ({}): the host goes on with them in memory, and a restart would forget"
          + " them; make room there", location, failure.getMessage());
    }
    unsaved.put(run.run(), new UnsavedRun(run, write));
    if (!retryScheduled) {
      retryScheduled = true;
      loop.owner().setTimer(RETRY_MILLIS, again -> retry());
    }
  }

  private void retry() {
    retryScheduled = false;
    Map<RunId, UnsavedRun> waiting = new LinkedHashMap<>(unsaved);
    unsaved.clear();
    Future.join(waiting.values().stream().map(each -> persist(each.run(), each.write())).toList())
        .onComplete(tried -> {
          if (unsaved.isEmpty()) {
            LOG.info("the runs in {} are on disk again", location);
          }
        });
  }

  /** The result comes back on the host's event loop. */
  private <T> Future<T> here(Future<T> result) {
    return Future.future(promise -> result.onComplete(ended -> loop.runOnContext(now -> promise.handle(ended))));
  }

  void close() {
    loop.owner().cancelTimer(sweep);
  }

  private static byte[] json(StoredRun run) {
    try {
      return (ProtocolJson.mapper().writeValueAsString(run) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static StoredRun parse(byte[] json) {
    try {
      return ProtocolJson.mapper().readValue(new String(json, UTF_8).lines().reduce((first, last) -> last).orElse(""),
          StoredRun.class);
    } catch (JsonProcessingException foreign) {
      throw new UncheckedIOException("the storage holds a run that this version can't read", foreign);
    }
  }
}
