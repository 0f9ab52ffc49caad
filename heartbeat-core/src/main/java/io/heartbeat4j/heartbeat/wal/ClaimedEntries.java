package io.heartbeat4j.heartbeat.wal;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Log entries of earlier runs that this heartbeat has claimed, so that no other process settles them. Immutable. */
public record ClaimedEntries(List<LogEntry> entries) {

  public ClaimedEntries {
    entries = List.copyOf(entries);
  }

  /** The issues that have entries, oldest entry first. */
  public Set<IssueId> issues() {
    Set<IssueId> issues = new LinkedHashSet<>();
    entries.forEach(entry -> issues.add(entry.issue()));
    return issues;
  }

  /** The entries of the issue, those with a decision first. */
  public List<LogEntry> of(IssueId issue) {
    return entries.stream().filter(entry -> entry.issue().equals(issue)).sorted(LogEntry.WITH_OUTCOME_FIRST).toList();
  }

  public ClaimedEntries without(Set<IssueId> issues) {
    return new ClaimedEntries(entries.stream().filter(entry -> !issues.contains(entry.issue())).toList());
  }

  /** The entry of this same run, interrupted by a restart of its host between the checkout and the work. */
  public Optional<LogEntry> checkedOutBy(RunId run, IssueId issue) {
    return of(issue).stream().filter(entry -> entry.run().equals(run) && entry.isOnlyCheckedOut()).findFirst();
  }

  /** Gives up the claims on entries that were not deleted, so that the next heartbeat finds them. */
  public Future<Void> release() {
    return LogEntry.releaseAll(entries);
  }
}
