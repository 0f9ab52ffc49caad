package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.Beat;
import io.heartbeat4j.heartbeat.Briefing;
import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.Held;
import io.heartbeat4j.heartbeat.WorkFailure;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.heartbeat.policy.Limits;
import io.heartbeat4j.heartbeat.policy.News;
import io.heartbeat4j.heartbeat.state.IssueMemory.Repetition;
import io.heartbeat4j.heartbeat.state.IssueMemory;
import io.heartbeat4j.heartbeat.state.Remembered.WaitsFor;
import io.heartbeat4j.heartbeat.state.Remembered;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.WakeReason;
import io.heartbeat4j.worker.Trigger;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Between steps 6 and 7: whether there is work in this wake at all. A held issue is never left as it is (the server answers
 * silence with corrective wakes and escalation, contract section 12), so what is not worked is put to rest.
 */
public final class Deliberate {

  private final EscalationPolicy policy;
  private final Limits limits;
  private final Frugality frugality;

  @Inject
  public Deliberate(EscalationPolicy policy, Limits limits, Frugality frugality) {
    this.policy = policy;
    this.limits = limits;
    this.frugality = frugality;
  }

  public Future<Course> on(Beat beat, Held held, Briefing briefing) {
    return beat.note(held.issue().id(), known -> known.with(repetition(beat, briefing, known)))
        .map(memory -> course(beat, held, briefing, memory));
  }

  private Course course(Beat beat, Held held, Briefing briefing, IssueMemory memory) {
    Optional<Entry> earlier = held.also().stream().filter(entry -> !entry.isTold(briefing.comments())).findFirst();
    if (earlier.isPresent() && !isOvertaken(earlier.get(), beat, briefing)) {
      return new Course.Finish(earlier.get());
    }
    if (Part.in(held.issue(), beat.self().id()) == Part.OUTSIDER) {
      return new Course.Settle(
          new Disposition.Rest(IssueStatus.IN_REVIEW, ask(beat, held)), "somebody else is asked for its review");
    }
    if (briefing.turnedDown()) {
      return new Course.Settle(
          policy.onTurnedDown(reason(briefing), beat.self(), held.issue()), "somebody has said no to going on");
    }
    if (briefing.trigger() instanceof Trigger.Assigned assigned
        && assigned.wakeReason().filter(WakeReason::isCorrective).isPresent()) {
      return new Course.Settle(rest(beat, held, memory.disposition()), "the server asks for the status only");
    }
    if (memory.repetition().filter(repetition -> isLoop(briefing, memory, repetition)).isPresent()) {
      return new Course.Settle(rest(beat, held, memory.disposition()), "nothing new from others since the last time");
    }
    return frugality.restFrom(beat, held.issue().priority(), memory)
        .<Course>map(rest -> new Course.Settle(rest, "the month's budget is nearly spent"))
        .orElseGet(Course.Work::new);
  }

  private static Optional<String> reason(Briefing briefing) {
    return briefing.trigger() instanceof Trigger.Answered answered
        ? Optional.ofNullable(answered.result().get("reason")).map(String::valueOf).filter(words -> !words.isBlank())
        : Optional.empty();
  }

  /**
   * Somebody has spoken since, or nothing had been begun and the issue is simply up again. A run that a host takes up again
   * has the wake that it had before: that is no news.
   */
  private static boolean isOvertaken(Entry earlier, Beat beat, Briefing briefing) {
    if (earlier.run().equals(beat.run().run())) {
      return earlier.hasNotBegun();
    }
    return News.saidSince(beat.self().id(), briefing, earlier.since())
        || (earlier.decision().isEmpty() && (News.isAct(briefing) || !earlier.mayHaveSent(Entry.WORK)));
  }

  /** Counts the wakes for the same reason that brought nothing new; nothing where there is news. */
  private @Nullable Repetition repetition(Beat beat, Briefing briefing, IssueMemory memory) {
    Instant now = beat.clock().instant();
    Optional<Remembered> last = memory.disposition();
    if (last.isEmpty() || News.since(last.get(), beat.self().id(), briefing, now)) {
      return null;
    }
    WakeReason reason = reason(beat);
    int before = memory.repetition()
        .filter(known -> known.reason().equals(reason) && known.last().isAfter(now.minus(limits.window())))
        .map(Repetition::times)
        .orElse(0);
    return new Repetition(reason, before + 1, now);
  }

  private boolean isLoop(Briefing briefing, IssueMemory memory, Repetition repetition) {
    return (News.isWaiting(memory.disposition()) && !News.isAct(briefing))
        || repetition.times() > limits.repetitions();
  }

  private static WakeReason reason(Beat beat) {
    WakeReason reason = beat.wake().facts().reason();
    return reason == null ? new WakeReason("none") : reason;
  }

  /** Back to where the agent had left it; where there is nothing to go back to, somebody is asked. */
  private Disposition rest(Beat beat, Held held, Optional<Remembered> last) {
    Disposition ask = ask(beat, held);
    Instant until = last.map(Remembered::until).orElse(null);
    if (until != null && until.isAfter(beat.clock().instant()) && last.get().status().equals(IssueStatus.IN_PROGRESS)) {
      return new Disposition.Quiet(new Disposition.ReviewAt(ask.comment(), until));
    }
    return last.filter(Deliberate::hasPath)
        .<Disposition>map(left -> new Disposition.Rest(left.status(), new Disposition.Quiet(ask)))
        .orElse(last.isPresent() ? new Disposition.Quiet(ask) : ask);
  }

  private Disposition ask(Beat beat, Held held) {
    return policy.onFailure(
        new WorkFailure(WorkFailure.Kind.NOTHING_NEW, "This agent is woken for it again and again ("
            + reason(beat).wire() + "), and nothing has changed."),
        beat.self(), held.issue());
  }

  private static boolean hasPath(Remembered last) {
    boolean rests = last.status().equals(IssueStatus.BLOCKED) || last.status().equals(IssueStatus.IN_REVIEW);
    return rests && last.waitsFor() != WaitsFor.ITSELF && last.waitsFor() != WaitsFor.PERSON;
  }
}
