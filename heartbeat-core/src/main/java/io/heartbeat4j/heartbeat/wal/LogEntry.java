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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

  /** Names a comment of its own: a reply, or a result that goes to the issue without a status. */
  public static final String COMMENT = "comment";

  /** Names the update that parks the issue while the work goes on after its run. */
  public static final String PARKED = "parked";

  private final Optional<Storage.Claim> claim;
  private final LogRecordJson json;
  private final Clock clock;
  private final UnaryOperator<Future<Void>> onLoop;
  private final WriteAheadLog.DiskFailureHandler diskFailures;
  private final List<LogRecord> records;
  private final LogRecord.CheckoutRequested checkoutRequest;
  private boolean torn;
  private boolean ended;

  private LogEntry(Optional<Storage.Claim> claim, LogRecordJson json, Clock clock,
      UnaryOperator<Future<Void>> onLoop, WriteAheadLog.DiskFailureHandler diskFailures, List<LogRecord> records,
      LogRecord.CheckoutRequested checkoutRequest, boolean torn) {
    this.claim = claim;
    this.json = json;
    this.clock = clock;
    this.onLoop = onLoop;
    this.diskFailures = diskFailures;
    this.records = new ArrayList<>(records);
    this.checkoutRequest = checkoutRequest;
    this.torn = torn;
  }

  /**
   * Starts an entry; flushed when the future completes.
   *
   * @param claim empty where the disk can't be written: the entry is in memory only
   */
  static Future<LogEntry> begin(Optional<Storage.Claim> claim, LogRecordJson json, Clock clock, Scheduler scheduler,
      WriteAheadLog.DiskFailureHandler diskFailures, LogRecord.CheckoutRequested checkoutRequested) {
    LogEntry entry = new LogEntry(claim, json, clock, scheduler::here, diskFailures, List.of(), checkoutRequested,
        false);
    return entry.append(checkoutRequested, true).map(entry);
  }

  /** Reads a claimed entry of an earlier process; empty where its first record is not readable. */
  static Optional<LogEntry> read(Storage.Claim claim, LogRecordJson json, Clock clock, Scheduler scheduler,
      WriteAheadLog.DiskFailureHandler diskFailures) {
    return read(new String(claim.content(), StandardCharsets.UTF_8), Optional.of(claim), json, clock,
        scheduler::here, diskFailures);
  }

  /** Reads an entry for display. */
  static Optional<LogEntry> read(String text, LogRecordJson json) {
    return read(text, Optional.empty(), json, Clock.systemUTC(), UnaryOperator.identity(), (what, cause) -> {});
  }

  private static Optional<LogEntry> read(String text, Optional<Storage.Claim> claim, LogRecordJson json, Clock clock,
      UnaryOperator<Future<Void>> onLoop, WriteAheadLog.DiskFailureHandler diskFailures) {
    List<LogRecord> records = text.lines().map(json::read).flatMap(Optional::stream).toList();
    return records.isEmpty() || !(records.get(0) instanceof LogRecord.CheckoutRequested checkoutRequested)
        ? Optional.empty()
        : Optional.of(new LogEntry(claim, json, clock, onLoop, diskFailures, records, checkoutRequested,
            !text.endsWith("\n")));
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

  /** Whether the thread has a text that was sent: the comment of the status, which then arrived too, or one of its own. */
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

  /** Deletes the entry: the issue is settled. After its end or release nothing happens. */
  public Future<Void> delete() {
    return attempt("delete", () -> claim.filter(held -> !ended).map(held -> {
      ended = true;
      return held.delete();
    }));
  }

  /** Releases the claim; an entry that is not deleted is found by the next heartbeat. */
  public Future<Void> release() {
    return attempt("release", () -> claim.filter(held -> !ended).map(held -> {
      ended = true;
      return held.release();
    }));
  }

  /** {@linkplain #delete Deletes} all of them. */
  public static Future<Void> deleteAll(List<LogEntry> entries) {
    return Future.join(entries.stream().map(LogEntry::delete).toList()).mapEmpty();
  }

  /** {@linkplain #release Releases} all of them. */
  public static Future<Void> releaseAll(List<LogEntry> entries) {
    return Future.join(entries.stream().map(LogEntry::release).toList()).mapEmpty();
  }

  /** A record that need not be flushed is not waited for: those of one claim are written in their order. */
  private Future<Void> append(LogRecord record, boolean flush) {
    records.add(record);
    Future<Void> written = attempt("write", () -> claim.map(claimed -> claimed.append(line(record), flush)));
    return flush ? written : Future.succeededFuture();
  }

  /** A crash may have left the content without the end of its last line. */
  private byte[] line(LogRecord record) {
    byte[] line = json.write(record);
    if (!torn) {
      return line;
    }
    torn = false;
    byte[] onNewLine = new byte[line.length + 1];
    onNewLine[0] = '\n';
    System.arraycopy(line, 0, onNewLine, 1, line.length);
    return onNewLine;
  }

  private Future<Void> attempt(String what, Supplier<Optional<Future<Void>>> access) {
    Future<Void> done = access.get().orElseGet(Future::succeededFuture);
    return onLoop.apply(done).recover(failed -> {
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
