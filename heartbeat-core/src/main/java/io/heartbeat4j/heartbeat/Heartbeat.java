package io.heartbeat4j.heartbeat;

import static io.heartbeat4j.heartbeat.HeartbeatEvent.Kind;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.Loop;
import io.heartbeat4j.client.Paperclip;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.client.WakeAnswer;
import io.heartbeat4j.heartbeat.Outcome.Settlement;
import io.heartbeat4j.heartbeat.journal.Journals;
import io.heartbeat4j.heartbeat.steps.ApprovalFollowUp.FollowUp;
import io.heartbeat4j.heartbeat.steps.ApprovalFollowUp;
import io.heartbeat4j.heartbeat.steps.Checkout;
import io.heartbeat4j.heartbeat.steps.Context;
import io.heartbeat4j.heartbeat.steps.Identity;
import io.heartbeat4j.heartbeat.steps.Inbox;
import io.heartbeat4j.heartbeat.steps.Mention;
import io.heartbeat4j.heartbeat.steps.Pick;
import io.heartbeat4j.heartbeat.steps.WorthTrying;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.SelfWake;
import io.heartbeat4j.worker.Trigger;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One heartbeat: the nine steps of the protocol page in their order. Stateless and thread-safe; each beat runs on the
 * Vert.x context of its caller.
 */
public final class Heartbeat {

  private final Loop loop;
  private final Journals journals;
  private final Listeners listeners;
  private final Identity identity;
  private final Unfinished unfinished;
  private final ApprovalFollowUp approvalFollowUp;
  private final Inbox inbox;
  private final Pick pick;
  private final WorthTrying worthTrying;
  private final Mention mention;
  private final Checkout checkout;
  private final Context context;
  private final HeldIssue heldIssue;

  @Inject
  Heartbeat(
      Loop loop,
      Journals journals,
      Listeners listeners,
      Identity identity,
      Unfinished unfinished,
      ApprovalFollowUp approvalFollowUp,
      Inbox inbox,
      Pick pick,
      WorthTrying worthTrying,
      Mention mention,
      Checkout checkout,
      Context context,
      HeldIssue heldIssue) {
    this.loop = loop;
    this.journals = journals;
    this.listeners = listeners;
    this.identity = identity;
    this.unfinished = unfinished;
    this.approvalFollowUp = approvalFollowUp;
    this.inbox = inbox;
    this.pick = pick;
    this.worthTrying = worthTrying;
    this.mention = mention;
    this.checkout = checkout;
    this.context = context;
    this.heldIssue = heldIssue;
  }

  /**
   * Runs the heartbeat of one wake.
   *
   * <p>Fails with a {@link HeartbeatException} or {@link PaperclipException} where the server could not be told how the
   * work ended, or nothing was held and the heartbeat could not go on.
   */
  public Future<Outcome> beat(Paperclip server, Call call, AgentSetup setup, CancellationSource cancellation) {
    AgentSession session = server.as(call.token());
    return identity.confirm(call, session)                                                      // Step 1
        .compose(confirmed -> {
          Loop here = loop.here();
          Beat beat = new Beat(here, call, confirmed.self(), confirmed.wake(),
              session.in(call.run(), confirmed.self().id()), setup, cancellation, listeners,
              journals.of(setup.memory(), here));
          beat.tell(Step.IDENTITY, Kind.DONE, confirmed.self().name() + ", woken by " + beat.wake().facts().why());
          return restReason(confirmed.self())
              .map(why -> Future.<Outcome>succeededFuture(new Outcome.Idle(why)))
              .orElseGet(() -> unfinished.finish(beat)
                  .compose(finished -> approvalFollowUp.read(beat))                             // Step 2
                  .compose(followUps -> settle(beat, followUps))
                  .compose(settled -> settled.isEmpty() ? work(beat) : settled(settled)))
              .eventually(beat::end);
        });
  }

  /** A stopped agent's reads still work, but its writes to held issues are refused: it does no work. */
  private static Optional<String> restReason(Agent self) {
    if (self.status().isStopped()) {
      return Optional.of("the agent is " + self.status()
          + (self.pauseReason() == null ? "" : " (" + self.pauseReason() + ")"));
    }
    return self.isOverBudget() ? Optional.of("the month's budget is spent") : Optional.empty();
  }

  private Future<List<Settlement>> settle(Beat beat, List<FollowUp> followUps) {
    Future<List<Settlement>> all = Future.succeededFuture(new ArrayList<>());
    for (FollowUp next : followUps) {
      all = all.compose(done -> followUp(beat, next).map(settlement -> {
        settlement.ifPresent(done::add);
        return done;
      }));
    }
    return all;
  }

  private Future<Optional<Settlement>> followUp(Beat beat, FollowUp followUp) {
    return switch (followUp) {
      case FollowUp.Settle(var issue, var disposition) -> checkout.take(beat, issue.id(), issue.label())
          .compose(lease -> ifTaken(lease, held -> heldIssue.settle(beat, held, disposition)));
      case FollowUp.WorkOn(var issue, var trigger) -> takeAndWork(beat, issue.id(), issue.label(), trigger);
    };
  }

  private Future<Outcome> work(Beat beat) {
    return switch (beat.wake()) {
      case Wake.Scoped scoped -> namedTask(beat, scoped.facts().task().orElse(scoped.issue()))
          .compose(settlement -> settlement.map(Heartbeat::settled).orElseGet(() -> fromInbox(beat)));
      case Wake.Free free -> free.facts().task().map(task -> namedTask(beat, task))
          .orElseGet(() -> Future.succeededFuture(Optional.empty()))
          .compose(settlement -> settlement.map(Heartbeat::settled).orElseGet(() -> fromInbox(beat)));
      case Wake.Unscoped unscoped -> summonFromInbox(beat);
    };
  }

  /** The task that the wake names goes first; on a mention the thread is read before anything is taken. */
  private Future<Optional<Settlement>> namedTask(Beat beat, IssueId task) {
    if (!beat.factsOf(task).isMention()) {
      if (!WorthTrying.isOurTurn(beat, task)) {
        return Future.succeededFuture(Optional.empty());
      }
      return worthTrying.isRested(beat, task).compose(rested -> rested
          ? takeAndWork(beat, task, beat.labelOf(task), null)
          : Future.succeededFuture(Optional.empty()));
    }
    return context.understand(beat, task).compose(briefing -> mention.isOurs(beat, briefing.issue())
        ? takeAndWork(beat, task, briefing.issue().label(), null)
        : mention.answer(beat, briefing)
            .map(reply -> Optional.of(reply.orElseGet(() -> new Settlement.Left(task, briefing.issue().label())))));
  }

  private Future<Outcome> fromInbox(Beat beat) {
    return inbox.assignments(beat)                                                              // Step 3
        .map(items -> pick.order(items, null, beat.run().run(), beat.tried()))                  // Step 4
        .compose(candidates -> firstOf(beat, candidates, 0, item -> takeAndWork(beat, item.id(), item.label(), null)
            .map(settlement -> settlement.map(done -> new Outcome.Settled(List.of(done))))));
  }

  /** This run may not comment or update: it asks for one that is bound to the best candidate, and ends. */
  private Future<Outcome> summonFromInbox(Beat beat) {
    return inbox.assignments(beat)                                                              // Step 3
        .map(items -> pick.order(
            items, beat.wake().facts().issue(), beat.run().run(), beat.tried()))                // Step 4
        .compose(candidates -> firstOf(beat, candidates, 0, item -> summon(beat, item)));
  }

  private Future<Optional<Outcome.Summoned>> summon(Beat beat, InboxItem item) {
    return beat.session().wakeSelf(beat.self().id(), SelfWake.on(item.id(), "heartbeat4j_picked"))
        .map(answer -> switch (answer) {
          case WakeAnswer.Started started when !started.run().equals(beat.run().run()) -> {
            beat.tell(Step.PICK_WORK, Kind.DONE, item.label(), item.title() + ": asked for a run of its own");
            yield Optional.of(new Outcome.Summoned(item.id(), item.label(), started.run()));
          }
          case WakeAnswer.Started joined -> {
            beat.tell(Step.PICK_WORK, Kind.REFUSED, item.label(), "the server joined the wake to this run");
            yield Optional.<Outcome.Summoned>empty();
          }
          case WakeAnswer.Skipped skipped -> {
            beat.tell(Step.PICK_WORK, Kind.REFUSED, item.label(), "the server starts no run: " + skipped.reason());
            yield Optional.<Outcome.Summoned>empty();
          }
        });
  }

  /** What to do with a candidate; nothing where it could not be had. */
  private interface Attempt {
    Future<? extends Optional<? extends Outcome>> on(InboxItem item);
  }

  private Future<Outcome> firstOf(Beat beat, List<InboxItem> candidates, int from, Attempt attempt) {
    if (from == candidates.size()) {
      beat.tell(Step.PICK_WORK, Kind.SKIPPED, "nothing to do");
      return Future.succeededFuture(new Outcome.Idle("nothing to do"));
    }
    InboxItem item = candidates.get(from);
    return worthTrying.isWorthTrying(beat, item)
        .compose(worth -> worth ? attempt.on(item).<Optional<? extends Outcome>>map(o -> o) : Future.succeededFuture(Optional.<Outcome>empty()))
        .compose(outcome -> outcome.isPresent()
            ? Future.succeededFuture(outcome.get())
            : firstOf(beat, candidates, from + 1, attempt));
  }

  private Future<Optional<Settlement>> takeAndWork(
      Beat beat, IssueId issue, String label, Trigger.@Nullable Decided decision) {
    return checkout.take(beat, issue, label)                                                    // Step 5
        .compose(lease -> ifTaken(lease, held -> heldIssue.work(beat, held, decision)));        // Steps 6 to 9
  }

  private interface Next {
    Future<Settlement> with(Held held);
  }

  private static Future<Optional<Settlement>> ifTaken(Optional<Held> lease, Next next) {
    return lease.isEmpty() ? Future.succeededFuture(Optional.empty()) : next.with(lease.get()).map(Optional::of);
  }

  private static Future<Outcome> settled(Settlement settlement) {
    return settled(List.of(settlement));
  }

  private static Future<Outcome> settled(List<Settlement> settlements) {
    return Future.succeededFuture(new Outcome.Settled(settlements));
  }
}
