package io.heartbeat4j.heartbeat.wal;

import static java.util.stream.Collectors.toCollection;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Write-ahead log of an agent's unsettled issues: one entry per run and issue, from the request of the checkout until
 * the server has confirmed the disposition. After a crash the next heartbeat settles from it, without repeating work.
 * Holds no token.
 *
 * <p>One record of the storage an entry, {@code journal/<issue>.<run>.jsonl}, one JSON object a line, readable by a person. A line that
 * a crash has torn counts as not written. Used on one event loop, which it never blocks.
 */
public final class WriteAheadLog {

  /** Older entries are dropped with a warning: the server has recovered the issue by itself long before. */
  static final Duration MAX_AGE = Duration.ofDays(30);

  /** The newest entries are kept, at most this many. */
  static final int MAX_ENTRIES = 200;

  /** The folder of the entries, in the folder of their agent. */
  public static final String FOLDER = "journal";
  private static final String EXTENSION = ".jsonl";

  private final Storage storage;
  private final String location;
  private final LogRecordJson json;
  private final Clock clock;
  private final Scheduler scheduler;
  private final Consumer<String> warnings;
  private final DiskFailureHandler diskFailures;

  WriteAheadLog(AgentMemory memory, LogRecordJson json, Clock clock, Scheduler scheduler) {
    this.storage = memory.storage();
    this.location = memory.location();
    this.json = json;
    this.clock = clock;
    this.scheduler = scheduler;
    this.warnings = memory::warn;
    this.diskFailures = (what, cause) -> memory.warn(
        "the write-ahead log can't be kept, so a crash could leave an issue unsettled: could not " + what + " ("
            + cause.getClass().getSimpleName() + ": " + cause.getMessage() + "); set " + AgentMemory.SETTING_NAMES
            + " to a directory that this user can write and that has room");
  }

  /** Called when the disk fails. */
  @FunctionalInterface
  interface DiskFailureHandler {
    void warn(String what, Throwable cause);
  }

  /** Records that a run is about to request a checkout; flushed when the future completes. */
  public Future<LogEntry> begin(RunId run, IssueId issue, String label) {
    String name = FOLDER + "/" + issue + "." + run + EXTENSION;
    return withoutDisk("write " + name, Optional.empty(), scheduler.here(storage.claim(name)))
        .compose(claim -> LogEntry.begin(claim, json, clock, scheduler, diskFailures,
            new LogRecord.CheckoutRequested(clock.instant(), run, issue, label)));
  }

  /** The results that wait for a person's yes. */
  public HeldResults held() {
    return new HeldResults(storage, json, clock, scheduler, diskFailures);
  }

  /** The runs that have entries, without claiming any. */
  public Future<Set<RunId>> runsWithEntries() {
    return runsWithEntries("");
  }

  private Future<Set<RunId>> runsWithEntries(String issue) {
    return names().map(names -> names.stream().filter(name -> name.startsWith(FOLDER + "/" + issue))
        .map(WriteAheadLog::runOf).flatMap(Optional::stream).collect(toCollection(LinkedHashSet::new)));
  }

  private Future<List<String>> names() {
    return withoutDisk("read the write-ahead log", List.of(), scheduler.here(storage.list(FOLDER)));
  }

  /** Where the disk fails, the heartbeat goes on with this instead. */
  private <T> Future<T> withoutDisk(String what, T instead, Future<T> access) {
    return access.recover(failed -> {
      if (!(failed instanceof IOException)) {
        return Future.failedFuture(failed);
      }
      diskFailures.warn(what, failed);
      return Future.succeededFuture(instead);
    });
  }

  /** Claims all entries of earlier processes, as {@link #claimEntries(Predicate)} does. */
  public Future<List<LogEntry>> claimEntries() {
    return claimEntries(any -> true);
  }

  /**
   * Claims the entries of these runs, oldest first; entries that another process has claimed are left out. The caller
   * {@linkplain LogEntry#release releases} those that it does not delete.
   *
   * @param whose asked on any thread, and not where there are so many entries that some have to be dropped
   */
  public Future<List<LogEntry>> claimEntries(Predicate<RunId> whose) {
    return names()
        .compose(names -> {
          List<Future<Optional<LogEntry>>> claimed = names.stream()
              .filter(name -> names.size() > MAX_ENTRIES || runOf(name).map(whose::test).orElse(true))
              .map(this::claimEntry).toList();
          return Future.join(claimed).map(all -> claimed.stream().map(Future::result).flatMap(Optional::stream)
              .sorted(Comparator.comparing(LogEntry::startedAt)).toList());
        })
        .compose(this::dropOldest);
  }

  private Future<Optional<LogEntry>> claimEntry(String name) {
    return withoutDisk("read " + name, Optional.empty(), scheduler.here(storage.claim(name))
        .compose(claim -> claim.isEmpty()
            ? Future.succeededFuture(Optional.<LogEntry>empty())
            : LogEntry.read(claim.get(), json, clock, scheduler, diskFailures)
                .map(entry -> Future.succeededFuture(Optional.of(entry)))
                .orElseGet(() -> setAside(claim.get()).map(Optional.empty()))));
  }

  /** Claims the entries of this issue, those with an outcome first; entries claimed by another process are left out. */
  public Future<List<LogEntry>> claimEntriesOf(IssueId issue) {
    return claimEntries()
        .compose(all -> LogEntry.releaseAll(all.stream().filter(entry -> !entry.issue().equals(issue)).toList())
            .map(closed -> all.stream().filter(entry -> entry.issue().equals(issue)).sorted(LogEntry.WITH_OUTCOME_FIRST)
                .toList()));
  }

  /** The runs that have entries of this issue, without claiming any. */
  public Future<Set<RunId>> runsWithEntriesOf(IssueId issue) {
    return runsWithEntries(issue + ".");
  }

  private static Optional<RunId> runOf(String name) {
    try {
      return Optional.of(RunId.of(name.substring(name.indexOf('.') + 1, name.length() - EXTENSION.length())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException foreign) {
      return Optional.empty();
    }
  }

  /**
   * Keeps a file that this version can't read, such as one of an older format, where no heartbeat looks for entries. A
   * file without a whole first line was torn by a crash before anything had been sent: it is not kept.
   */
  private Future<Void> setAside(Storage.Claim claim) {
    Future<Void> kept = Future.succeededFuture();
    if (new String(claim.content(), StandardCharsets.UTF_8).contains("\n")) {
      String name = "set-aside/" + claim.name();
      kept = storage.replace(name, claim.content()).onSuccess(done -> warnings.accept(
          location + "/" + claim.name() + " is no log entry of this version: it was moved to " + location + "/" + name
              + " and is not recovered; look there for work that was not reported"));
    }
    return scheduler.here(kept.compose(done -> claim.delete()));
  }

  private Future<List<LogEntry>> dropOldest(List<LogEntry> found) {
    List<LogEntry> kept = new ArrayList<>();
    List<LogEntry> dropped = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      LogEntry entry = found.get(i);
      boolean old = entry.startedAt().isBefore(clock.instant().minus(MAX_AGE));
      if (old || found.size() - i > MAX_ENTRIES) {
        warnings.accept("the log entry of " + entry.label() + " from " + entry.startedAt() + " is dropped: "
            + (old ? "it is older than " + MAX_AGE.toDays() + " days" : "there are more than " + MAX_ENTRIES));
        dropped.add(entry);
      } else {
        kept.add(entry);
      }
    }
    return LogEntry.deleteAll(dropped).map(List.copyOf(kept));
  }
}
