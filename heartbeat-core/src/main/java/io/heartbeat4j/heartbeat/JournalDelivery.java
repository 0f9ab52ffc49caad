package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.Loop;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.Paperclip;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.Rejected;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.client.WakeAnswer;
import io.heartbeat4j.client.WrongAuthor;
import io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.journal.Decision;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.heartbeat.journal.Journal;
import io.heartbeat4j.heartbeat.journal.Journals;
import io.heartbeat4j.heartbeat.state.AgentMemory;
import io.heartbeat4j.heartbeat.steps.StatusUpdate;
import io.heartbeat4j.heartbeat.steps.Tell;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.SelfWake;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finishes without a wake what earlier runs of an agent have left, with an agent key: at the start of a host, and by hand.
 * Nothing is worked again. For each issue the first of these ways that the server leaves open (contract section 13): the run
 * still lives and checks out; a self-wake, whose run then delivers; the ended run's id on the idle issue; a comment with the
 * facts.
 */
public final class JournalDelivery {

  /** What became of one issue. */
  public record Delivered(IssueId issue, String label, Delivery delivery) {}

  private final Loop loop;
  private final Journals journals;
  private final Listeners listeners;
  private final Unfinished unfinished;
  private final HeldIssue heldIssue;

  @Inject
  JournalDelivery(Loop loop, Journals journals, Listeners listeners, Unfinished unfinished, HeldIssue heldIssue) {
    this.loop = loop;
    this.journals = journals;
    this.listeners = listeners;
    this.unfinished = unfinished;
    this.heldIssue = heldIssue;
  }

  /**
   * Delivers what can be delivered now, oldest first; what another process has in hand is left out. Runs on the caller's
   * Vert.x context.
   *
   * <p>Fails with a {@link PaperclipException} only where the key is refused or the server takes the agent for somebody
   * else; what goes wrong with one issue is told in its line.
   *
   * @param key an agent key: the token of a run that is over opens nothing
   * @param self the agent whose key it is, as the server answers it
   * @param memory the agent's, with the journal
   */
  public Future<List<Delivered>> deliver(Paperclip server, AgentToken key, Agent self, AgentMemory memory) {
    Loop here = loop.here();
    Turn turn = new Turn(server, key, self, memory, here, journals.of(memory, here));
    return turn.journal.unfinished().compose(found -> {
      Map<IssueId, List<Entry>> issues = new LinkedHashMap<>();
      found.forEach(entry -> issues.computeIfAbsent(entry.issue(), first -> new ArrayList<>()).add(entry));
      Future<List<Delivered>> all = Future.succeededFuture(new ArrayList<>());
      for (List<Entry> entries : issues.values()) {
        entries.sort(Entry.DECIDED_FIRST);
        all = all.compose(done -> deliver(turn, entries).map(delivery -> {
          done.add(new Delivered(entries.get(0).issue(), entries.get(0).label(), delivery));
          return done;
        }));
      }
      return all.eventually(() -> Entry.closeAll(found)); // what is settled is cleared by now
    });
  }

  /** One call of {@link #deliver}. */
  private record Turn(Paperclip server, AgentToken key, Agent self, AgentMemory memory, Loop loop, Journal journal) {

    AgentSession session() {
      return server.as(key);
    }
  }

  private Future<Delivery> deliver(Turn turn, List<Entry> entries) {
    Beat beat = beatInTheNameOf(entries.get(0), turn);
    return turn.session().issue(entries.get(0).issue())
        .compose(issue -> isLive(turn, entries.get(0))
            .compose(live -> live && entries.get(0).decision().isEmpty()
                ? Future.<Delivery>succeededFuture(new Delivery.Left("its run is still live, and may be taken up again"))
                : unfinished.settle(beat, issue, entries, live ? unfinished::checkOut : this::afterTheEnd)))
        .recover(failure -> failure instanceof Unauthorized || failure instanceof WrongAuthor
            ? Future.failedFuture(failure)
            : left(entries, failure));
  }

  private static Future<Delivery> left(List<Entry> entries, Throwable failure) {
    return failure instanceof NotFound
        ? Entry.clearAll(entries).map(new Delivery.Settled("the issue is gone"))
        : Future.succeededFuture(new Delivery.Left(String.valueOf(failure.getMessage())));
  }

  /** The run's writes, though its process is gone: its id makes the keys under which the server knows them again. */
  private Beat beatInTheNameOf(Entry entry, Turn turn) {
    Agent self = turn.self;
    AgentSetup setup = new AgentSetup(
        () -> {
          throw new IllegalStateException("nothing is worked in a delivery");
        },
        WorkLimits.DEFAULT, turn.memory, Path.of("."));
    Call call = new Call(
        turn.server.url(), turn.key, self.id(), self.companyId(), entry.run(), WakeFacts.NONE, List.of());
    return new Beat(turn.loop, call, self, new Wake.Scoped(entry.issue(), WakeFacts.NONE),
        turn.session().in(entry.run(), self.id()), setup, new CancellationSource(), listeners, turn.journal);
  }

  private static Future<Boolean> isLive(Turn turn, Entry entry) {
    return turn.session().run(entry.run())
        .map(run -> !run.status().isOver())
        .recover(failure -> failure instanceof NotFound ? Future.succeededFuture(false) : Future.failedFuture(failure));
  }

  /**
   * A run of its own can do all that the ended one could; where the server starts none, the ended one's name has to do. The
   * entries are given back before it is asked for: it may begin at once, and would work anew what it can't see.
   */
  private Future<Delivery> afterTheEnd(Beat beat, Issue issue, List<Entry> entries) {
    return Entry.closeAll(entries)
        .compose(given -> beat.session().wakeSelf(beat.self().id(), SelfWake.on(issue.id(), "heartbeat4j_unfinished")))
        .recover(failure -> failure instanceof Rejected refused && !(failure instanceof Unauthorized)
            ? Future.succeededFuture(new WakeAnswer.Skipped(String.valueOf(refused.getMessage())))
            : Future.failedFuture(failure))
        .compose(answer -> switch (answer) {
          case WakeAnswer.Started started -> Future.succeededFuture(new Delivery.Summoned(started.run()));
          case WakeAnswer.Skipped skipped -> {
            beat.tell(Step.CHECKOUT, Kind.REFUSED, issue.label(), "the server starts no run: " + skipped.reason());
            yield beat.journal().unfinishedOf(issue.id()).compose(again -> again.isEmpty()
                ? Future.succeededFuture(new Delivery.Left("another process has it in hand"))
                : inTheEndedRunsName(beat, issue, again).eventually(() -> Entry.closeAll(again)));
          }
        });
  }

  private Future<Delivery> inTheEndedRunsName(Beat beat, Issue issue, List<Entry> entries) {
    Entry first = entries.get(0);
    return beat.run().resume(issue.id())
        .compose(lease -> heldIssue.deliver(beat, new Held(lease, first, entries.subList(1, entries.size())), first)
            .<Delivery>map(done -> new Delivery.Settled(done.summary()))
            .recover(failure -> isRefused(failure) ? facts(beat, issue, entries) : Future.failedFuture(failure)))
        .recover(failure -> failure instanceof Conflict
            ? Future.succeededFuture(new Delivery.Left(failure.getMessage() + "; try again in a minute"))
            : Future.failedFuture(failure));
  }

  private static boolean isRefused(Throwable failure) {
    Throwable cause = failure instanceof HeartbeatException && failure.getCause() != null ? failure.getCause() : failure;
    return cause instanceof Rejected && !(cause instanceof Unauthorized) && !(cause instanceof WrongAuthor);
  }

  private static Future<Delivery> facts(Beat beat, Issue issue, List<Entry> entries) {
    Entry first = entries.get(0);
    String facts = first.decision().orElse(null) instanceof Decision.ByWork(Worked.Returned(var result, var usage))
        ? "What I have:\n\n" + StatusUpdate.words(result)
        : "It gave no result.";
    return Tell.once(beat, first, beat.run().foreign(issue.id())::comment,
            "From an earlier run (taken at " + first.since() + ") that could not report, and whose status the server does not"
                + " take; somebody has to set it. " + facts)
        .compose(told -> Entry.clearAll(entries))
        .map(new Delivery.Settled("told in a comment; the server does not take the status"));
  }
}
