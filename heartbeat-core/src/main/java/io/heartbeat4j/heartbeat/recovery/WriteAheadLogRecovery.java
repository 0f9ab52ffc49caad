package io.heartbeat4j.heartbeat.recovery;

import io.heartbeat4j.client.AuthorMismatch;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.SelfWakeResult;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.steps.HeartbeatContext;
import io.heartbeat4j.heartbeat.steps.Sequentially;
import io.heartbeat4j.heartbeat.wake.WakeScope;
import io.heartbeat4j.heartbeat.wal.ClaimedEntries;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Stage before step 2: settles what interrupted runs of the agent have left in the write-ahead log (contract section
 * 13). A live run can check out any issue of its agent and write what was decided; an unscoped run, which may not
 * write, asks for a run that may. No work is repeated.
 *
 * <p>The issue of the wake itself is left to steps 5 to 7, where comments since the interruption count. Entries of a
 * run that is still live are left to that run, which a restarted host continues.
 */
public final class WriteAheadLogRecovery {

  /** A late update counts two of the server's 20 cross-issue writes in a run (contract section 4). */
  private static final int MAX_ISSUES_PER_RUN = 5;

  private static final int MAX_RUNS_READ = 20;

  /** Another run that has claimed an entry first reads whether its issue is idle, which takes it a few requests. */
  private static final Duration CLAIM_RETRY_DELAY = Duration.ofMillis(500);

  private static final int CLAIM_ATTEMPTS = 20;

  private final IssueRecovery issueRecovery;

  @Inject
  WriteAheadLogRecovery(IssueRecovery issueRecovery) {
    this.issueRecovery = issueRecovery;
  }

  /**
   * Settles what can be settled, and answers the claimed entries that are left for the checkout of their issue; the
   * caller releases them at its end. A failure that lies in one issue leaves its entries in the log and is emitted.
   */
  public Future<ClaimedEntries> recover(HeartbeatContext heartbeat) {
    return heartbeat.log().runsWithEntries()
        .compose(runs -> endedRuns(heartbeat, runs))
        .compose(ended -> ended.isEmpty()
            ? Future.succeededFuture(List.<LogEntry>of())
            : claim(heartbeat, ended, CLAIM_ATTEMPTS))
        .map(ClaimedEntries::new)
        .compose(claimed -> recoverIssues(heartbeat, claimed));
  }

  private Future<ClaimedEntries> recoverIssues(HeartbeatContext heartbeat, ClaimedEntries claimed) {
    Set<IssueId> issues = claimed.issues().stream()
        .filter(issue -> !issue.equals(heartbeat.wake().facts().issue()))
        .limit(MAX_ISSUES_PER_RUN).collect(Collectors.toCollection(LinkedHashSet::new));
    return Sequentially.map(issues, issue -> recoverIssue(heartbeat, issue, claimed.of(issue)))
        .map(claimed.without(issues))
        .recover(failure -> claimed.release().compose(released -> Future.failedFuture(failure)));
  }

  /** This run and those that are over; what becomes of the issues of a live run is not known yet. */
  private static Future<Set<RunId>> endedRuns(HeartbeatContext heartbeat, Set<RunId> runs) {
    Set<RunId> ended = ConcurrentHashMap.newKeySet();
    return Future.join(runs.stream().limit(MAX_RUNS_READ).map(run -> run.equals(heartbeat.run().run())
        ? Future.succeededFuture(ended.add(run))
        : heartbeat.session().run(run).map(found -> found.status().isOver())
            .recover(
                failure -> failure instanceof NotFound ? Future.succeededFuture(true) : Future.failedFuture(failure))
            .onSuccess(over -> {
              if (over) {
                ended.add(run);
              }
            }))
        .toList())
        .transform(asked -> Future.succeededFuture(ended));
  }

  /**
   * Claims the entries of these runs. Where another run of the agent has claimed entries of this run's own issue, the
   * claim is repeated: the other run can't check that issue out and releases them, and without them the work would be
   * repeated.
   */
  private static Future<List<LogEntry>> claim(HeartbeatContext heartbeat, Set<RunId> ended, int attempts) {
    return heartbeat.log().claimEntries(ended::contains)
        .compose(found -> isClaimedByAnotherRun(heartbeat, ended, found).compose(elsewhere -> elsewhere && attempts > 1
            ? claimLater(heartbeat, ended, attempts, found)
            : Future.succeededFuture(found)));
  }

  private static Future<Boolean> isClaimedByAnotherRun(
      HeartbeatContext heartbeat, Set<RunId> ended, List<LogEntry> found) {
    return heartbeat.wake().facts().task()
        .map(task -> heartbeat.log().runsWithEntriesOf(task)
            .map(runs -> runs.stream().anyMatch(run -> ended.contains(run)
                && found.stream().noneMatch(entry -> entry.issue().equals(task) && entry.run().equals(run)))))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  private static Future<List<LogEntry>> claimLater(
      HeartbeatContext heartbeat, Set<RunId> ended, int attempts, List<LogEntry> found) {
    if (attempts == CLAIM_ATTEMPTS) {
      heartbeat.emit(Step.CHECKOUT, Kind.SKIPPED,
          "another run has claimed the log entries of this issue; waiting for it");
    }
    return LogEntry.releaseAll(found)
        .compose(released -> heartbeat.scheduler().delay(CLAIM_RETRY_DELAY))
        .compose(waited -> claim(heartbeat, ended, attempts - 1));
  }

  private Future<Void> recoverIssue(HeartbeatContext heartbeat, IssueId issue, List<LogEntry> entries) {
    Future<Void> recovered = heartbeat.wake() instanceof WakeScope.Unscoped
        ? LogEntry.releaseAll(entries).compose(released -> requestRun(heartbeat, entries.get(0)))
        : heartbeat.session().issue(issue)
            .compose(now -> issueRecovery.recover(heartbeat, now, entries, this::byCheckoutOrOwnRun)).mapEmpty();
    return recovered.recover(failure -> {
      if (failure instanceof AuthorMismatch || failure instanceof Unauthorized
          || !(failure instanceof PaperclipException
              || failure instanceof HeartbeatException)) {
        return Future.failedFuture(failure);
      }
      heartbeat.emit(Step.UPDATE_STATUS, Kind.FAILED, entries.get(0).label(),
          "an interrupted run is still not settled: " + failure.getMessage());
      return failure instanceof NotFound ? LogEntry.deleteAll(entries) : LogEntry.releaseAll(entries);
    });
  }

  /**
   * A result that gives the issue to somebody else ends the run that writes it (contract section 7), before that run has
   * looked at its own issue: such an issue needs a run of its own.
   */
  private Future<RecoveryResult> byCheckoutOrOwnRun(HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries) {
    boolean handsOver = issue.hasStagesLeft() || entries.stream().anyMatch(WriteAheadLogRecovery::namesAPerson);
    return handsOver
        ? LogEntry.releaseAll(entries).compose(released -> requestRun(heartbeat, entries.get(0)))
            .map(new RecoveryResult.Pending("it needs a run of its own"))
        : issueRecovery.byCheckout(heartbeat, issue, entries);
  }

  private static boolean namesAPerson(LogEntry entry) {
    return entry.outcome().orElse(null) instanceof WorkOutcome.Returned(var result, var usage)
        && result instanceof WorkResult.NeedsReview review && review.path() instanceof ReviewPath.Person;
  }

  private static Future<Void> requestRun(HeartbeatContext heartbeat, LogEntry entry) {
    return heartbeat.session()
        .wakeSelf(heartbeat.self().id(), SelfWakeRequest.now(entry.issue(), "heartbeat4j_unfinished"))
        .onSuccess(answer -> heartbeat.emit(Step.UPDATE_STATUS, Kind.DONE, entry.label(), switch (answer) {
          case SelfWakeResult.Started started -> "left by an interrupted run: asked for a run of its own";
          case SelfWakeResult.Skipped skipped ->
            "left by an interrupted run, and the server starts no run: " + skipped.reason();
        }))
        .mapEmpty();
  }
}
