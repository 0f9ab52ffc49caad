package io.heartbeat4j.heartbeat.recovery;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.AuthorMismatch;
import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.PermanentFailure;
import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.client.SelfWakeResult;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.event.EventDispatcher;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.memory.IssueMemoryCache;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.steps.CheckedOutIssue;
import io.heartbeat4j.heartbeat.steps.HeartbeatContext;
import io.heartbeat4j.heartbeat.steps.IdempotentComment;
import io.heartbeat4j.heartbeat.steps.IssueSettler;
import io.heartbeat4j.heartbeat.steps.Sequentially;
import io.heartbeat4j.heartbeat.steps.StatusUpdateStep;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.wake.WakeScope;
import io.heartbeat4j.heartbeat.wal.ClaimedEntries;
import io.heartbeat4j.heartbeat.wal.LogEntry;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.heartbeat.wal.WriteAheadLogFactory;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;

/**
 * Recovery without a wake, by an agent key: at the start of a host, and by command. No work is repeated. For each issue
 * it takes the first way that the server leaves open (contract section 13): the run is still live and checks out; a
 * self-wake, whose run then recovers; an update of the idle issue under the ended run's id; a comment with the result.
 */
public final class OfflineRecovery {

  /** What became of one issue. */
  public record RecoveredIssue(IssueId issue, String label, RecoveryResult result) {}

  private final Scheduler scheduler;
  private final WriteAheadLogFactory logs;
  private final EventDispatcher listeners;
  private final IssueRecovery issueRecovery;
  private final IssueSettler settler;

  @Inject
  OfflineRecovery(
      Scheduler scheduler, WriteAheadLogFactory logs, EventDispatcher listeners, IssueRecovery issueRecovery,
      IssueSettler settler) {
    this.scheduler = scheduler;
    this.logs = logs;
    this.listeners = listeners;
    this.issueRecovery = issueRecovery;
    this.settler = settler;
  }

  /**
   * Recovers what can be recovered now, oldest first; entries that another process has claimed are left out. Runs on
   * the caller's Vert.x context.
   *
   * <p>Fails with a {@link PaperclipException} only where the key is refused or the server attributes a write to
   * another author; a failure of one issue is the result of that issue.
   *
   * @param key an agent key: the server refuses the token of a run that is over
   * @param self the agent whose key it is, as the server answers it
   * @param memory the agent's state, with its write-ahead log
   */
  public Future<List<RecoveredIssue>> recover(PaperclipClient server, AgentToken key, Agent self, AgentMemory memory) {
    Scheduler here = scheduler.onCurrentContext();
    Agency agent = new Agency(server, key, self, memory, here, logs.forAgent(memory, here));
    return agent.log.claimEntries().map(ClaimedEntries::new).compose(claimed -> Sequentially
        .map(claimed.issues(), issue -> recover(agent, claimed.of(issue))
            .map(result -> new RecoveredIssue(issue, claimed.of(issue).get(0).label(), result)))
        .eventually(claimed::release)); // entries of settled issues are deleted by now
  }

  /** The agent in whose name one call of {@link #recover} acts. */
  private record Agency(PaperclipClient server, AgentToken key, Agent self, AgentMemory memory, Scheduler loop,
      WriteAheadLog log) {

    AgentSession session() {
      return server.session(key);
    }
  }

  private Future<RecoveryResult> recover(Agency agent, List<LogEntry> entries) {
    HeartbeatContext heartbeat = contextOfRun(entries.get(0), agent);
    return agent.session().issue(entries.get(0).issue())
        .compose(issue -> isLive(agent, entries.get(0))
            .compose(live -> live && entries.get(0).outcome().isEmpty()
                ? Future.<RecoveryResult>succeededFuture(
                    new RecoveryResult.Pending("its run is still live, and may continue"))
                : issueRecovery.recover(
                    heartbeat, issue, entries, live ? issueRecovery::byCheckout : this::bySelfWake)))
        .recover(failure -> failure instanceof Unauthorized || failure instanceof AuthorMismatch
            ? Future.failedFuture(failure)
            : pending(entries, failure));
  }

  private static Future<RecoveryResult> pending(List<LogEntry> entries, Throwable failure) {
    return failure instanceof NotFound
        ? LogEntry.deleteAll(entries).map(new RecoveryResult.Settled("the issue is gone"))
        : Future.succeededFuture(new RecoveryResult.Pending(String.valueOf(failure.getMessage())));
  }

  /**
   * A context that writes in the ended run's name: its id makes the keys by which the server recognises repeated
   * writes.
   */
  private HeartbeatContext contextOfRun(LogEntry entry, Agency agent) {
    AgentSetup setup = new AgentSetup(
        () -> {
          throw new IllegalStateException("recovery calls no worker");
        },
        WorkLimits.DEFAULT, agent.memory, Path.of("."));
    return new HeartbeatContext(agent.loop, agent.self, new WakeScope.Scoped(entry.issue(), WakeFacts.NONE),
        agent.session().forRun(entry.run(), agent.self.id()), setup, new CancellationSource(), listeners, agent.log,
        new IssueMemoryCache(agent.loop, agent.memory));
  }

  private static Future<Boolean> isLive(Agency agent, LogEntry entry) {
    return agent.session().run(entry.run())
        .map(run -> !run.status().isOver())
        .recover(failure -> failure instanceof NotFound ? Future.succeededFuture(false) : Future.failedFuture(failure));
  }

  /**
   * A new run of the issue may write everything; where the server starts none, the ended run's id has to do. The
   * entries are released before the wake is requested: the new run may begin at once, and must find them.
   */
  private Future<RecoveryResult> bySelfWake(HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries) {
    return LogEntry.releaseAll(entries)
        .compose(given -> heartbeat.session().wakeSelf(heartbeat.self().id(),
            SelfWakeRequest.now(issue.id(), "heartbeat4j_unfinished")))
        .recover(failure -> failure instanceof PermanentFailure refused && !(failure instanceof Unauthorized)
            ? Future.succeededFuture(new SelfWakeResult.Skipped(String.valueOf(refused.getMessage())))
            : Future.failedFuture(failure))
        .compose(answer -> switch (answer) {
          case SelfWakeResult.Started started -> Future.succeededFuture(new RecoveryResult.RunRequested(started.run()));
          case SelfWakeResult.Skipped skipped -> {
            heartbeat.emit(Step.CHECKOUT, Kind.REFUSED, issue.label(), "the server starts no run: " + skipped.reason());
            yield heartbeat.log().claimEntriesOf(issue.id()).compose(again -> again.isEmpty()
                ? Future.succeededFuture(new RecoveryResult.Pending("another process has claimed it"))
                : underTheEndedRun(heartbeat, issue, again).eventually(() -> LogEntry.releaseAll(again)));
          }
        });
  }

  private Future<RecoveryResult> underTheEndedRun(HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries) {
    LogEntry first = entries.get(0);
    return heartbeat.run().resume(issue.id())
        .compose(lease -> settler
            .resume(heartbeat, new CheckedOutIssue(lease, first, entries.subList(1, entries.size())), first)
            .<RecoveryResult>map(done -> new RecoveryResult.Settled(done.summary()))
            .recover(failure -> isRefused(failure) ? commentResult(heartbeat, issue, entries)
                : Future.failedFuture(failure)))
        .recover(failure -> failure instanceof Conflict
            ? Future.succeededFuture(new RecoveryResult.Pending(failure.getMessage() + "; try again in a minute"))
            : Future.failedFuture(failure));
  }

  private static boolean isRefused(Throwable failure) {
    Throwable cause = failure instanceof HeartbeatException && failure.getCause() != null ? failure.getCause()
        : failure;
    return cause instanceof PermanentFailure && !(cause instanceof Unauthorized) && !(cause instanceof AuthorMismatch);
  }

  private static Future<RecoveryResult> commentResult(HeartbeatContext heartbeat, Issue issue, List<LogEntry> entries) {
    LogEntry first = entries.get(0);
    String result = first.outcome().orElse(null) instanceof WorkOutcome.Returned(var returned, var usage)
        ? "What I have:\n\n" + StatusUpdateStep.commentOf(returned)
        : "It gave no result.";
    return IdempotentComment.post(heartbeat, first, heartbeat.run().commentOnly(issue.id())::comment,
        "From an earlier run (started at " + first.startedAt()
            + ") that could not report. The server refuses its status,"
            + " so somebody has to set it. " + result)
        .compose(told -> LogEntry.deleteAll(entries))
        .map(new RecoveryResult.Settled("commented; the server refuses the status"));
  }
}
