package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.heartbeat.state.Storage;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
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
 * What one run has done with one issue so far. Claimed: no other process touches it while this one lives. Blocks; one
 * thread at a time.
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

  private final Storage.@Nullable Log log;
  private final JournalJson json;
  private final Clock clock;
  private final Journal.Trouble trouble;
  private final List<Line> lines;
  private final Line.Taken taken;
  private boolean torn;

  private Entry(
      Storage.@Nullable Log log, JournalJson json, Clock clock, Journal.Trouble trouble, List<Line> lines, Line.Taken taken,
      boolean torn) {
    this.log = log;
    this.json = json;
    this.clock = clock;
    this.trouble = trouble;
    this.lines = new ArrayList<>(lines);
    this.taken = taken;
    this.torn = torn;
  }

  /** A new one; without a log it is kept in memory only. */
  static Entry begin(
      Storage.@Nullable Log log, JournalJson json, Clock clock, Journal.Trouble trouble, RunId run, IssueId issue,
      String label) {
    Line.Taken taken = new Line.Taken(clock.instant(), run, issue, label);
    Entry entry = new Entry(log, json, clock, trouble, List.of(), taken, false);
    entry.append(taken, true);
    return entry;
  }

  /** One that an earlier process has left; nothing where not even its first line is whole. */
  static Optional<Entry> read(Storage.Log log, JournalJson json, Clock clock, Journal.Trouble trouble) throws IOException {
    return read(log, log.content(), json, clock, trouble);
  }

  /** One that is only looked at. */
  static Optional<Entry> read(byte[] content, JournalJson json, Clock clock) {
    return read(null, content, json, clock, (what, cause) -> { });
  }

  private static Optional<Entry> read(
      Storage.@Nullable Log log, byte[] content, JournalJson json, Clock clock, Journal.Trouble trouble) {
    String text = new String(content, StandardCharsets.UTF_8);
    List<Line> lines = text.lines().map(json::read).flatMap(Optional::stream).toList();
    return lines.isEmpty() || !(lines.get(0) instanceof Line.Taken taken)
        ? Optional.empty()
        : Optional.of(new Entry(log, json, clock, trouble, lines, taken, !text.endsWith("\n")));
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

  public void decided(Decision decision) {
    append(new Line.Decided(clock.instant(), decision), decision.createsFirst());
  }

  /** On disk when this returns. Where the write has a comment, it is looked for by that {@code text}. */
  public void sending(String what, @Nullable String text) {
    append(new Line.Sending(clock.instant(), what, text), true);
  }

  /** Whether the thread shows the comment that was sent with the status: then the issue was settled, and nobody noted it. */
  public boolean isTold(List<Comment> thread) {
    return lines.stream().anyMatch(line -> line instanceof Line.Sending sending && sending.text() != null
        && thread.stream().anyMatch(comment -> comment.body().equals(sending.text())
            && comment.createdAt() != null && !comment.createdAt().isBefore(since().minus(CLOCKS_DIFFER))));
  }

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  public void notSent(String what) {
    append(new Line.NotSent(clock.instant(), what), false);
  }

  public void confirmed(String what) {
    append(new Line.Confirmed(clock.instant(), what), false);
  }

  /** The issue is settled: there is nothing to remember. */
  public void clear() {
    attempt("delete", Storage.Log::delete);
    close();
  }

  /** Gives the claim up; what is not cleared is found by the next heartbeat. */
  public void close() {
    attempt("close", Storage.Log::close);
  }

  private void append(Line line, boolean flush) {
    lines.add(line);
    attempt("write", open -> {
      if (torn) {
        open.append(new byte[] {'\n'}, false);
      }
      torn = true; // until the whole line is there
      open.append(json.write(line), flush);
      torn = false;
    });
  }

  private interface Access {
    void to(Storage.Log log) throws IOException;
  }

  private void attempt(String what, Access access) {
    if (log == null) {
      return;
    }
    try {
      access.to(log);
    } catch (IOException failed) {
      trouble.warn(what, failed);
    }
  }

  private <T> Optional<T> last(Function<Line, @Nullable T> part) {
    return lines.reversed().stream().<@Nullable T>map(part).filter(Objects::nonNull).map(Objects::requireNonNull).findFirst();
  }
}
