package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.Storage;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log of one run and issue. Claimed by this process until it is released or deleted. Used on the log's
 * event loop, one call after the other.
 *
 * <p>A failing disk is warned of once; the heartbeat goes on with the entry in memory.
 */
public final class LogEntry {

  /** Entries with an outcome before those that only have a checkout. */
  public static final Comparator<LogEntry> WITH_OUTCOME_FIRST = Comparator
      .comparing(entry -> entry.outcome().isEmpty());

  /** Names the call of the worker, which is recorded like a write, since it can't be undone either. */
  public static final String WORK = "work";

  /** Names the update that writes the disposition. */
  public static final String STATUS = "status";

  private final LogSink sink;
  private final Clock clock;
  private final WriteAheadLog.DiskFailureHandler diskFailures;
  private final List<LogRecord> records;
  private final LogRecord.CheckoutRequested checkoutRequest;

  private LogEntry(LogSink sink, Clock clock, WriteAheadLog.DiskFailureHandler trouble, List<LogRecord> lines,
      LogRecord.CheckoutRequested checkoutRequested) {
    this.sink = sink;
    this.clock = clock;
    this.diskFailures = trouble;
    this.records = new ArrayList<>(lines);
    this.checkoutRequest = checkoutRequested;
  }

  /** Starts an entry; flushed when the future completes. */
  static Future<LogEntry> begin(LogSink sink, Clock clock, WriteAheadLog.DiskFailureHandler trouble,
      LogRecord.CheckoutRequested checkoutRequested) {
    LogEntry entry = new LogEntry(sink, clock, trouble, List.of(), checkoutRequested);
    return entry.append(checkoutRequested, true).map(entry);
  }

  /** Reads an entry of an earlier process; empty where its first record is not readable. Blocks. */
  static Optional<LogEntry> read(Storage.LockedFile log, LogRecordJson json, Clock clock, Scheduler scheduler,
      WriteAheadLog.DiskFailureHandler trouble)
      throws IOException {
    String text = new String(log.readAll(), StandardCharsets.UTF_8);
    return read(text, json, new FileLogSink(log, json, scheduler, !text.endsWith("\n")), clock, trouble);
  }

  /** Reads an entry for display. */
  static Optional<LogEntry> read(String text, LogRecordJson json) {
    return read(text, json, LogSink.NONE, Clock.systemUTC(), (what, cause) -> {});
  }

  private static Optional<LogEntry> read(String text, LogRecordJson json, LogSink sink, Clock clock,
      WriteAheadLog.DiskFailureHandler trouble) {
    List<LogRecord> lines = text.lines().map(json::read).flatMap(Optional::stream).toList();
    return lines.isEmpty() || !(lines.get(0) instanceof LogRecord.CheckoutRequested checkoutRequested)
        ? Optional.empty()
        : Optional.of(new LogEntry(sink, clock, trouble, lines, checkoutRequested));
  }

  /**
   * The run that checked the issue out. The idempotency keys of its writes contain it, also when a later run sends
   * them.
   */
  public RunId run() {
    return checkoutRequest.run();
  }

  public IssueId issue() {
    return checkoutRequest.issue();
  }

  /** The identifier such as CON-1 where it was known, else the id. */
  public String label() {
    return checkoutRequest.label();
  }

  public Instant startedAt() {
    return checkoutRequest.at();
  }

  public List<LogRecord> records() {
    return List.copyOf(records);
  }

  /** What the disposition of the issue follows from, where the run came that far. */
  public Optional<WorkOutcome> outcome() {
    return last(record -> record instanceof LogRecord.OutcomeDecided outcomeDecided ? outcomeDecided.outcome() : null);
  }

  /** Whether the write was recorded as about to be sent, so that it may have arrived. */
  public boolean mayHaveSent(String what) {
    return records.reversed().stream()
        .filter(record -> (record instanceof LogRecord.Sending sending && sending.what().equals(what))
            || (record instanceof LogRecord.NotSent unsent && unsent.what().equals(what)))
        .findFirst()
        .filter(LogRecord.Sending.class::isInstance)
        .isPresent();
  }

  /** Whether the checkout was requested and no work has started. */
  public boolean isOnlyCheckedOut() {
    return outcome().isEmpty() && !mayHaveSent(WORK);
  }

  public boolean isConfirmed(String what) {
    return records.stream()
        .anyMatch(record -> record instanceof LogRecord.Confirmed confirmed && confirmed.what().equals(what));
  }

  /**
   * Records what the disposition follows from. Flushed where subtasks are created next, whose keys alone are recorded
   * of them; else with the record of the first write.
   */
  public Future<Void> recordOutcome(WorkOutcome outcome) {
    boolean createsSubtasks = outcome instanceof WorkOutcome.Returned(var result, var usage)
        && !result.delegations().isEmpty();
    return append(new LogRecord.OutcomeDecided(clock.instant(), outcome), createsSubtasks);
  }

  /** Flushed when the future completes. A comment in the write is found again in the thread by its {@code text}. */
  public Future<Void> recordSending(String what, @Nullable String text) {
    return append(new LogRecord.Sending(clock.instant(), what, text), true);
  }

  /** Whether the thread has the comment that was sent with the status: then the disposition arrived, unconfirmed. */
  public boolean isCommentInThread(List<Comment> thread) {
    return records.stream().anyMatch(record -> record instanceof LogRecord.Sending sending && sending.text() != null
        && thread.stream().anyMatch(comment -> comment.body().equals(sending.text())
            && comment.createdAt() != null && !comment.createdAt().isBefore(startedAt().minus(MAX_CLOCK_SKEW))));
  }

  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(10);

  public Future<Void> recordNotSent(String what) {
    return append(new LogRecord.NotSent(clock.instant(), what), false);
  }

  public Future<Void> recordConfirmed(String what) {
    return append(new LogRecord.Confirmed(clock.instant(), what), false);
  }

  /** Deletes the entry: the issue is settled. */
  public Future<Void> delete() {
    return attempt("delete", sink.delete());
  }

  /** Releases the claim; an entry that is not deleted is found by the next heartbeat. */
  public Future<Void> release() {
    return attempt("close", sink.close());
  }

  /** {@linkplain #delete Deletes} all of them. */
  public static Future<Void> deleteAll(List<LogEntry> entries) {
    return Future.join(entries.stream().map(LogEntry::delete).toList()).mapEmpty();
  }

  /** {@linkplain #release Releases} all of them. */
  public static Future<Void> releaseAll(List<LogEntry> entries) {
    return Future.join(entries.stream().map(LogEntry::release).toList()).mapEmpty();
  }

  private Future<Void> append(LogRecord record, boolean flush) {
    records.add(record);
    return attempt("write", sink.append(record, flush));
  }

  private Future<Void> attempt(String what, Future<Void> access) {
    return access.recover(failed -> {
      if (!(failed instanceof IOException)) {
        return Future.failedFuture(failed);
      }
      diskFailures.warn(what, failed);
      return Future.succeededFuture();
    });
  }

  private <T> Optional<T> last(Function<LogRecord, @Nullable T> part) {
    return records.reversed().stream().<@Nullable T>map(part).filter(Objects::nonNull).map(Objects::requireNonNull)
        .findFirst();
  }
}
