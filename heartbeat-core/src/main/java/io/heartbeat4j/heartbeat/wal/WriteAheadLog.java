package io.heartbeat4j.heartbeat.wal;

import static java.util.stream.Collectors.toCollection;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.memory.FileAgentMemory;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.GroupCommitLog;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
 * <p>One file an entry, {@code journal/<issue>.<run>.jsonl}, one JSON object a line, readable by a person. A line that
 * a crash has torn counts as not written. A host keeps the entries of its live runs in one {@link GroupCommitLog}
 * instead; an entry becomes a file when it is released, or after a crash. Used on one event loop, which it never
 * blocks.
 */
public final class WriteAheadLog {

  /** Older entries are dropped with a warning: the server has recovered the issue by itself long before. */
  static final Duration MAX_AGE = Duration.ofDays(30);

  /** The newest entries are kept, at most this many. */
  static final int MAX_ENTRIES = 200;

  private static final String FOLDER = "journal";
  private static final String EXTENSION = ".jsonl";

  private final Storage storage;
  private final Path directory;
  private final Optional<GroupCommitLog> ledger;
  private final LogRecordJson json;
  private final Clock clock;
  private final Scheduler scheduler;
  private final Consumer<String> warnings;
  private final DiskFailureHandler diskFailures;

  WriteAheadLog(AgentMemory memory, Optional<GroupCommitLog> ledger, LogRecordJson json, Clock clock,
      Scheduler scheduler) {
    this.storage = memory.storage();
    this.directory = memory.directory();
    this.ledger = ledger;
    this.json = json;
    this.clock = clock;
    this.scheduler = scheduler;
    this.warnings = memory::warn;
    this.diskFailures = (what, cause) -> memory.warn(
        "the write-ahead log can't be kept, so a crash could leave an issue unsettled: could not " + what + " ("
            + cause.getClass().getSimpleName() + ": " + cause.getMessage() + "); set " + FileAgentMemory.SETTING_NAMES
            + " to a directory that this user can write and that has room");
  }

  /** Called when the disk fails. */
  @FunctionalInterface
  interface DiskFailureHandler {
    void warn(String what, Throwable cause);
  }

  /** Records that a run is about to request a checkout; flushed when the future completes. */
  public Future<LogEntry> begin(RunId run, IssueId issue, String label) {
    return openSink(FOLDER + "/" + issue + "." + run + EXTENSION)
        .compose(sink -> LogEntry.begin(sink, clock, diskFailures,
            new LogRecord.CheckoutRequested(clock.instant(), run, issue, label)));
  }

  private Future<LogSink> openSink(String name) {
    return ledger
        .<Future<LogSink>>map(all -> Future.succeededFuture(new GroupCommitLogSink(
            all.page(directory.resolve(name)), json, scheduler, failure -> diskFailures.warn("write", failure))))
        .orElseGet(() -> scheduler.executeBlocking(() -> lockedFileSink(name)));
  }

  private LogSink lockedFileSink(String name) {
    try {
      return storage.lock(name).<LogSink>map(log -> new FileLogSink(log, json, scheduler, false)).orElse(LogSink.NONE);
    } catch (IOException failed) {
      diskFailures.warn("write " + name, failed);
      return LogSink.NONE;
    }
  }

  /** The runs that have entries, without claiming any. */
  public Future<Set<RunId>> runsWithEntries() {
    return scheduler.executeBlocking(() -> runsWithEntries(""));
  }

  private Set<RunId> runsWithEntries(String issue) {
    try {
      return names().stream().filter(name -> name.startsWith(FOLDER + "/" + issue))
          .map(WriteAheadLog::runOf).flatMap(Optional::stream).collect(toCollection(LinkedHashSet::new));
    } catch (IOException failed) {
      diskFailures.warn("read the write-ahead log", failed);
      return Set.of();
    }
  }

  /** Includes the entries in the group-commit log of a process that has just died. */
  private List<String> names() throws IOException {
    if (ledger.isPresent()) {
      try {
        ledger.get().takeUpOthers(clock.instant());
      } catch (IOException failed) { // the entries in files count nevertheless
        diskFailures.warn("read the group-commit log of a process that has ended", failed);
      }
    }
    return storage.list(FOLDER);
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
    return scheduler.executeBlocking(() -> claim(whose)).compose(this::dropOldest);
  }

  private List<LogEntry> claim(Predicate<RunId> whose) {
    List<LogEntry> found = new ArrayList<>();
    try {
      List<String> names = names();
      for (String name : names) {
        if (names.size() > MAX_ENTRIES || runOf(name).map(whose::test).orElse(true)) {
          storage.lock(name).flatMap(log -> read(name, log)).ifPresent(found::add);
        }
      }
    } catch (IOException failed) {
      diskFailures.warn("read the write-ahead log", failed);
    }
    found.sort(Comparator.comparing(LogEntry::startedAt));
    return found;
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
    return scheduler.executeBlocking(() -> runsWithEntries(issue + "."));
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
  private void setAside(String name, byte[] content) throws IOException {
    if (new String(content, StandardCharsets.UTF_8).contains("\n")) {
      String kept = "set-aside/" + name;
      storage.replace(kept, content);
      warnings.accept(directory.resolve(name) + " is no log entry of this version: it was moved to "
          + directory.resolve(kept) + " and is not recovered; look there for work that was not reported");
    }
  }

  private Optional<LogEntry> read(String name, Storage.LockedFile log) {
    try {
      Optional<LogEntry> entry = LogEntry.read(log, json, clock, scheduler, diskFailures);
      if (entry.isEmpty()) {
        setAside(name, log.readAll());
        log.delete();
        log.close();
      }
      return entry;
    } catch (IOException failed) {
      diskFailures.warn("read " + name, failed);
      return Optional.empty();
    }
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
