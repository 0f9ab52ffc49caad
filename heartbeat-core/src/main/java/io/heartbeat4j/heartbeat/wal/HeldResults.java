package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;

/**
 * The results of an agent that a person has to accept before they are written, one of each issue: the record {@code
 * held/<issue>.jsonl} of the storage, in the log's format. Where the disk fails there is none, and the worker is asked
 * again.
 */
public final class HeldResults {

  private static final String FOLDER = "held/";

  private final Storage storage;
  private final LogRecordJson json;
  private final Clock clock;
  private final Scheduler scheduler;
  private final WriteAheadLog.DiskFailureHandler diskFailures;

  HeldResults(Storage storage, LogRecordJson json, Clock clock, Scheduler scheduler,
      WriteAheadLog.DiskFailureHandler diskFailures) {
    this.storage = storage;
    this.json = json;
    this.clock = clock;
    this.scheduler = scheduler;
    this.diskFailures = diskFailures;
  }

  /** Keeps the result, in place of the one that was kept for the issue before. */
  public Future<Void> put(IssueId issue, WorkOutcome.Held held) {
    return withoutDisk("keep", Future.succeededFuture(), storage.replace(name(issue),
        json.write(new LogRecord.OutcomeDecided(clock.instant(), held))));
  }

  /** The result that is kept for the issue. */
  public Future<Optional<WorkOutcome.Held>> find(IssueId issue) {
    return withoutDisk("read", Future.succeededFuture(Optional.empty()), storage.read(name(issue))
        .map(kept -> kept.flatMap(bytes -> json.read(new String(bytes, StandardCharsets.UTF_8).strip()))
            .flatMap(record -> record instanceof LogRecord.OutcomeDecided(var at, WorkOutcome.Held held)
                ? Optional.of(held)
                : Optional.empty())));
  }

  public Future<Void> discard(IssueId issue) {
    return withoutDisk("delete", Future.succeededFuture(), storage.claim(name(issue))
        .compose(claim -> claim.map(Storage.Claim::delete).orElseGet(Future::succeededFuture)));
  }

  private <T> Future<T> withoutDisk(String what, Future<T> instead, Future<T> access) {
    return scheduler.here(access).recover(failed -> {
      if (!(failed instanceof IOException)) {
        return Future.failedFuture(failed);
      }
      diskFailures.warn(what + " a result that waits for an answer", failed);
      return instead;
    });
  }

  private static String name(IssueId issue) {
    return FOLDER + issue + ".jsonl";
  }
}
