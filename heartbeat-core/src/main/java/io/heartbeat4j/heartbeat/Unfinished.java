package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.client.WakeAnswer;
import io.heartbeat4j.client.WrongAuthor;
import io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.journal.Decision;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.heartbeat.steps.Checkout;
import io.heartbeat4j.heartbeat.steps.CostReport;
import io.heartbeat4j.heartbeat.steps.Mention;
import io.heartbeat4j.heartbeat.steps.StatusUpdate;
import io.heartbeat4j.heartbeat.steps.Tell;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.SelfWake;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What earlier runs of the agent have left unfinished, from the journal (contract section 13). A live run of the agent can
 * check the issue out, whatever its own issue is, and write there what was decided; a run that may not write asks for one
 * that may. Nothing is worked again.
 *
 * <p>The issue of the wake itself is left to its own turn: there, what somebody has said since counts. What belongs to a run
 * that is still live is left to that run, which takes it up again: a host that is restarted goes on with several at once.
 */
final class Unfinished {

  /** A late update counts two of the server's 20 cross-issue writes in a run (contract section 4). */
  static final int MOST_A_RUN = 5;

  private static final int MOST_ASKED = 20;

  /** Another run that has an entry in hand looks first whether its issue is idle, which takes it a few requests. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private static final int LOOKS = 20;

  private final Checkout checkout;
  private final HeldIssue heldIssue;
  private final Mention mention;
  private final CostReport costs;

  @Inject
  Unfinished(Checkout checkout, HeldIssue heldIssue, Mention mention, CostReport costs) {
    this.checkout = checkout;
    this.heldIssue = heldIssue;
    this.mention = mention;
    this.costs = costs;
  }

  /** Finishes what can be finished; never fails for a reason that lies in one of the issues. */
  Future<Beat> finish(Beat beat) {
    return beat.journal().runs()
        .compose(runs -> over(beat, runs))
        .compose(over -> over.isEmpty()
            ? Future.succeededFuture(List.<Entry>of()) : claim(beat, over, LOOKS))
        .compose(found -> {
          beat.keep(found);
          Set<IssueId> issues = new LinkedHashSet<>(found.stream().map(Entry::issue).toList());
          beat.wake().facts().task().ifPresent(issues::remove);
          Future<Void> all = Future.succeededFuture();
          for (IssueId issue : issues.stream().limit(MOST_A_RUN).toList()) {
            all = all.compose(next -> finish(beat, issue));
          }
          return all.map(beat);
        });
  }

  /** This run and those that are over; of the others one can't know yet what becomes of their issues. */
  private static Future<Set<RunId>> over(Beat beat, Set<RunId> runs) {
    Set<RunId> over = ConcurrentHashMap.newKeySet();
    return Future.join(runs.stream().limit(MOST_ASKED).map(run -> run.equals(beat.run().run())
            ? Future.succeededFuture(over.add(run))
            : beat.session().run(run).map(found -> found.status().isOver())
                .recover(failure -> failure instanceof NotFound ? Future.succeededFuture(true) : Future.failedFuture(failure))
                .onSuccess(ended -> {
                  if (ended) {
                    over.add(run);
                  }
                })).toList())
        .transform(asked -> Future.succeededFuture(over));
  }

  /**
   * Claims what these runs have left. Where another run of the agent has in hand what there is of this run's own task, it is
   * waited for: that run can't have the issue, and gives it back; what is not seen would be worked anew.
   */
  private static Future<List<Entry>> claim(Beat beat, Set<RunId> over, int looks) {
    return beat.journal().unfinished(over::contains)
        .compose(found -> isInHand(beat, over, found)
            .compose(inHand -> inHand && looks > 1 ? waitFor(beat, over, looks, found) : Future.succeededFuture(found)));
  }

  /** Whether there is something of this run's own task that could not be claimed. */
  private static Future<Boolean> isInHand(Beat beat, Set<RunId> over, List<Entry> found) {
    return beat.wake().facts().task()
        .map(task -> beat.journal().runsOf(task).map(runs -> runs.stream().anyMatch(run -> over.contains(run)
            && found.stream().noneMatch(entry -> entry.issue().equals(task) && entry.run().equals(run)))))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  private static Future<List<Entry>> waitFor(Beat beat, Set<RunId> over, int looks, List<Entry> found) {
    if (looks == LOOKS) {
      beat.tell(Step.CHECKOUT, Kind.SKIPPED, "another run has in hand what is unfinished here; waiting for it");
    }
    return Entry.closeAll(found)
        .compose(closed -> beat.loop().later(LOOK_AGAIN))
        .compose(waited -> claim(beat, over, looks - 1));
  }

  private Future<Void> finish(Beat beat, IssueId issue) {
    List<Entry> entries = beat.takeUnfinished(issue);
    Future<Void> done = beat.wake() instanceof Wake.Unscoped
        ? Entry.closeAll(entries).compose(given -> summon(beat, entries.get(0)))
        : beat.session().issue(issue).compose(now -> settle(beat, now, entries, this::checkOut)).mapEmpty();
    return done.recover(failure -> {
      if (failure instanceof WrongAuthor || failure instanceof Unauthorized || !(failure instanceof PaperclipException
          || failure instanceof HeartbeatException)) {
        return Future.failedFuture(failure);
      }
      beat.tell(Step.UPDATE_STATUS, Kind.FAILED, entries.get(0).label(), "still unfinished: " + failure.getMessage());
      return failure instanceof NotFound ? Entry.clearAll(entries) : Entry.closeAll(entries);
    });
  }

  private Future<Void> summon(Beat beat, Entry entry) {
    return beat.session().wakeSelf(beat.self().id(), SelfWake.on(entry.issue(), "heartbeat4j_unfinished"))
        .onSuccess(answer -> beat.tell(Step.UPDATE_STATUS, Kind.DONE, entry.label(), switch (answer) {
          case WakeAnswer.Started started -> "unfinished: asked for a run of its own";
          case WakeAnswer.Skipped skipped -> "unfinished, and the server starts no run: " + skipped.reason();
        }))
        .mapEmpty();
  }

  /** How an issue that has still to be put into its state is got hold of, and what comes of it. */
  interface Way {
    Future<Delivery> deliver(Beat beat, Issue issue, List<Entry> entries);
  }

  /**
   * Settles what earlier runs have left of one issue, the decided entry first.
   *
   * @param way taken only where the issue's state has still to be written
   */
  Future<Delivery> settle(Beat beat, Issue issue, List<Entry> entries, Way way) {
    Entry first = entries.get(0);
    return first.mayHaveSent(Entry.STATUS) && !first.isConfirmed(Entry.STATUS)
        ? beat.session().comments(issue.id()).compose(thread -> settle(beat, issue, entries, way, first.isTold(thread)))
        : settle(beat, issue, entries, way, first.isConfirmed(Entry.STATUS));
  }

  /** @param told whether the server has the disposition already, so that only the cost is left */
  private Future<Delivery> settle(Beat beat, Issue issue, List<Entry> entries, Way way, boolean told) {
    Entry first = entries.get(0);
    if (told) {
      List<Entry> others = entries.subList(1, entries.size());
      return reportCosts(beat, issue, first).compose(reported -> first.clear())
          .compose(cleared -> others.isEmpty()
              ? Future.succeededFuture(new Delivery.Settled("the server had it already"))
              : settle(beat, issue, others, way));
    }
    if (first.decision().orElse(null) instanceof Decision.ByWork(Worked worked) && isReply(worked)) {
      return mention.deliver(beat, issue, first, worked).map(new Delivery.Settled("replied"));
    }
    if (!issue.isAssignedTo(beat.self().id()) || isAtRest(issue, first)) {
      return tellOnly(beat, issue, first).compose(said -> Entry.clearAll(entries))
          .map(new Delivery.Settled("it rests without us; its status is left alone"));
    }
    return way.deliver(beat, issue, entries);
  }

  /** A live run's way. */
  Future<Delivery> checkOut(Beat beat, Issue issue, List<Entry> entries) {
    beat.keep(entries);
    return checkout.take(beat, issue.id(), issue.label()).compose(held -> held.isPresent()
        ? heldIssue.deliver(beat, held.get(), entries.get(0)).map(done -> new Delivery.Settled(done.summary()))
        : Entry.closeAll(beat.takeUnfinished(issue.id())).map(new Delivery.Left("it can't be checked out now")));
  }

  private static boolean isReply(Worked worked) {
    return worked instanceof Worked.Returned returned
        && (returned.result() instanceof WorkResult.Reply || returned.result() instanceof WorkResult.Nothing);
  }

  /**
   * Whether the issue has its next step without us: it is closed or put off, waits for other issues, or was never taken. A
   * crash leaves it in progress or, a little later, blocked by nothing.
   */
  private static boolean isAtRest(Issue issue, Entry entry) {
    IssueStatus status = issue.status();
    if (status.equals(IssueStatus.IN_PROGRESS)) {
      return false;
    }
    if (status.equals(IssueStatus.BLOCKED) || issue.hasOpenBlockers()) {
      return issue.hasOpenBlockers();
    }
    boolean mayBeTaken = status.equals(IssueStatus.TODO) || status.equals(IssueStatus.IN_REVIEW);
    return !mayBeTaken || entry.decision().isEmpty();
  }

  private Future<Void> reportCosts(Beat beat, Issue issue, Entry entry) {
    return entry.decision().orElse(null) instanceof Decision.ByWork(Worked worked)
        ? costs.report(beat, entry, issue, worked.usage()).mapEmpty()
        : Future.succeededFuture();
  }

  /** Somebody else has decided what becomes of the issue: its status is left alone, and what was found out is told. */
  private static Future<Void> tellOnly(Beat beat, Issue issue, Entry entry) {
    if (!(entry.decision().orElse(null) instanceof Decision.ByWork(Worked.Returned(WorkResult result, var usage)))) {
      return Future.succeededFuture();
    }
    return Tell.once(beat, entry, beat.run().foreign(issue.id())::comment,
            "From an earlier run that could not report; the status is left alone. What I have:\n\n" + StatusUpdate.words(result))
        .onSuccess(told -> beat.tell(Step.UPDATE_STATUS, Kind.DONE, issue.label(), "told what an earlier run had found out"))
        .mapEmpty();
  }
}
