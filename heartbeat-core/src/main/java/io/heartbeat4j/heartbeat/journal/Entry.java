package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.client.Loop;
import io.heartbeat4j.heartbeat.state.Storage;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
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
 * What one run has done with one issue so far. Claimed: no other process touches it while this one lives. Used on its
 * journal's loop; one call after the other.
 *
 * <p>Where the disk fails, the heartbeat goes on without its journal and says so once.
 */
public final class Entry {

  /** What was decided says more than that something was begun. */
  public static final Comparator<Entry> DECIDED_FIRST = Comparator.comparing(entry -> entry.decision().isEmpty());

  /** The call of the worker: it stands in the entry like a write, since it can't be taken back either. */
  public static final String WORK = "work";

  /** The update that leaves the issue in its state. */
  public static final String STATUS = "status";

  private final Paper paper;
  private final Clock clock;
  private final Journal.Trouble trouble;
  private final List<Line> lines;
  private final Line.Taken taken;

  private Entry(Paper paper, Clock clock, Journal.Trouble trouble, List<Line> lines, Line.Taken taken) {
    this.paper = paper;
    this.clock = clock;
    this.trouble = trouble;
    this.lines = new ArrayList<>(lines);
    this.taken = taken;
  }

  /** A new one. */
  static Future<Entry> begin(Paper paper, Clock clock, Journal.Trouble trouble, Line.Taken taken) {
    Entry entry = new Entry(paper, clock, trouble, List.of(), taken);
    return entry.append(taken, true).map(entry);
  }

  /** One that an earlier process has left; nothing where not even its first line is whole. Blocks. */
  static Optional<Entry> read(Storage.Log log, JournalJson json, Clock clock, Loop loop, Journal.Trouble trouble)
      throws IOException {
    String text = new String(log.content(), StandardCharsets.UTF_8);
    return read(text, json, new OnFile(log, json, loop, !text.endsWith("\n")), clock, trouble);
  }

  /** One that is only looked at. */
  static Optional<Entry> read(String text, JournalJson json) {
    return read(text, json, Paper.NONE, Clock.systemUTC(), (what, cause) -> { });
  }

  private static Optional<Entry> read(String text, JournalJson json, Paper paper, Clock clock, Journal.Trouble trouble) {
    List<Line> lines = text.lines().map(json::read).flatMap(Optional::stream).toList();
    return lines.isEmpty() || !(lines.get(0) instanceof Line.Taken taken)
        ? Optional.empty()
        : Optional.of(new Entry(paper, clock, trouble, lines, taken));
  }

  /** The run that took the issue: the keys of its writes are made of it, also when a later run sends them. */
  public RunId run() {
    return taken.run();
  }

  public IssueId issue() {
    return taken.issue();
  }

  /** The issue's short name, where it was known. */
  public String label() {
    return taken.label();
  }

  public Instant since() {
    return taken.at();
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** How the issue is to be left, if that was decided. */
  public Optional<Decision> decision() {
    return last(line -> line instanceof Line.Decided decided ? decided.decision() : null);
  }

  /** Whether a write was about to be sent, so that it may have arrived. */
  public boolean mayHaveSent(String what) {
    return lines.reversed().stream()
        .filter(line -> line instanceof Line.Sending sending && sending.what().equals(what)
            || line instanceof Line.NotSent unsent && unsent.what().equals(what))
        .findFirst()
        .filter(Line.Sending.class::isInstance)
        .isPresent();
  }

  /** Whether the issue was taken, and nothing more. */
  public boolean hasNotBegun() {
    return decision().isEmpty() && !mayHaveSent(WORK);
  }

  public boolean isConfirmed(String what) {
    return lines.stream().anyMatch(line -> line instanceof Line.Confirmed confirmed && confirmed.what().equals(what));
  }

  /** On disk when the future completes, where the next thing that is written would not show it. */
  public Future<Void> decided(Decision decision) {
    return append(new Line.Decided(clock.instant(), decision), decision.createsFirst());
  }

  /** On disk when the future completes. Where the write has a comment, it is looked for by that {@code text}. */
  public Future<Void> sending(String what, @Nullable String text) {
    return append(new Line.Sending(clock.instant(), what, text), true);
  }

  /** Whether the thread shows the comment that was sent with the status: then the issue was settled, and nobody noted it. */
  public boolean isTold(List<Comment> thread) {
    return lines.stream().anyMatch(line -> line instanceof Line.Sending sending && sending.text() != null
        && thread.stream().anyMatch(comment -> comment.body().equals(sending.text())
            && comment.createdAt() != null && !comment.createdAt().isBefore(since().minus(CLOCKS_DIFFER))));
  }

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  public Future<Void> notSent(String what) {
    return append(new Line.NotSent(clock.instant(), what), false);
  }

  public Future<Void> confirmed(String what) {
    return append(new Line.Confirmed(clock.instant(), what), false);
  }

  /** The issue is settled: there is nothing to remember. */
  public Future<Void> clear() {
    return attempt("delete", paper.clear());
  }

  /** Gives the claim up; what is not cleared is found by the next heartbeat. */
  public Future<Void> close() {
    return attempt("close", paper.close());
  }

  /** {@linkplain #clear Clears} all of them. */
  public static Future<Void> clearAll(List<Entry> entries) {
    return Future.join(entries.stream().map(Entry::clear).toList()).mapEmpty();
  }

  /** {@linkplain #close Closes} all of them. */
  public static Future<Void> closeAll(List<Entry> entries) {
    return Future.join(entries.stream().map(Entry::close).toList()).mapEmpty();
  }

  private Future<Void> append(Line line, boolean flush) {
    lines.add(line);
    return attempt("write", paper.add(line, flush));
  }

  private Future<Void> attempt(String what, Future<Void> access) {
    return access.recover(failed -> {
      if (!(failed instanceof IOException)) {
        return Future.failedFuture(failed);
      }
      trouble.warn(what, failed);
      return Future.succeededFuture();
    });
  }

  private <T> Optional<T> last(Function<Line, @Nullable T> part) {
    return lines.reversed().stream().<@Nullable T>map(part).filter(Objects::nonNull).map(Objects::requireNonNull).findFirst();
  }
}
