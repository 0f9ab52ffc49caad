package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.wal.ClaimedEntries;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * A run that another process has begun: its host died after it had written a disposition and before it had stored the end
 * of the run. Such an issue is neither checked out nor worked again.
 */
public final class ResumedRun {

  private final CostReporter costs;

  @Inject
  ResumedRun(CostReporter costs) {
    this.costs = costs;
  }

  /**
   * The disposition that this run has written before, if it has: the agent's memory of the issue says so, or the thread
   * has the comment that the write-ahead log was about to send. Asks the server only where the log leaves it open. What
   * the log has of the work's usage is reported, so that it is counted for this run.
   */
  public Future<Optional<Settlement>> earlierSettlement(HeartbeatContext heartbeat, ClaimedEntries claimed,
      Candidate candidate) {
    RunId run = heartbeat.run().run();
    List<LogEntry> own = claimed.of(candidate.issue()).stream().filter(entry -> entry.run().equals(run)).toList();
    Optional<LogEntry> sent = own.stream().filter(entry -> entry.mayHaveSent(LogEntry.STATUS)).findFirst();
    return heartbeat.memory().get(candidate.issue())
        .map(memory -> memory.disposition().filter(last -> last.run().equals(run)).isPresent())
        .compose(known -> known || sent.isEmpty()
            ? Future.succeededFuture(known)
            : heartbeat.session().comments(candidate.issue()).map(sent.get()::isCommentInThread))
        .compose(settled -> settled
            ? Sequentially.map(own, entry -> reportCosts(heartbeat, entry)).map(Optional.of(
                new Settlement.SettledBefore(candidate.issue(), candidate.label())))
            : Future.succeededFuture(Optional.empty()));
  }

  /** The entry stays for the agent's next heartbeat: this run may be resumed once more, and has nothing else to know it by. */
  private Future<Void> reportCosts(HeartbeatContext heartbeat, LogEntry entry) {
    return entry.outcome().filter(outcome -> !outcome.usage().isEmpty()).isEmpty() ? Future.succeededFuture()
        : heartbeat.session().issue(entry.issue())
            .compose(issue -> costs.report(heartbeat, entry, issue, entry.outcome().orElseThrow().usage()))
            .<Void>mapEmpty().otherwiseEmpty();
  }
}
