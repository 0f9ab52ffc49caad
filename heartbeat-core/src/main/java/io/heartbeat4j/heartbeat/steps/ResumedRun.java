package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.wal.ClaimedEntries;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A run that another process has begun: its host died after it had written a disposition and before it had stored the end
 * of the run. Such an issue is neither checked out nor worked again.
 */
public final class ResumedRun {

  private ResumedRun() {}

  /**
   * The disposition that this run has written before, if it has: the agent's memory of the issue says so, or the thread
   * has the comment that the write-ahead log was about to send. Asks the server only where the log leaves it open.
   */
  public static Future<Optional<Settlement>> earlierSettlement(HeartbeatContext heartbeat, ClaimedEntries claimed,
      Candidate candidate) {
    RunId run = heartbeat.run().run();
    Optional<LogEntry> sent = claimed.of(candidate.issue()).stream()
        .filter(entry -> entry.run().equals(run) && entry.mayHaveSent(LogEntry.STATUS)).findFirst();
    return heartbeat.memory().get(candidate.issue())
        .map(memory -> memory.disposition().filter(last -> last.run().equals(run)).isPresent())
        .compose(known -> known || sent.isEmpty()
            ? Future.succeededFuture(known)
            : heartbeat.session().comments(candidate.issue()).map(sent.get()::isCommentInThread))
        .map(settled -> settled
            ? Optional.of(new Settlement.SettledBefore(candidate.issue(), candidate.label()))
            : Optional.empty());
  }
}
