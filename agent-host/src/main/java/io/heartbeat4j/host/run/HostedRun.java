package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run from its acceptance to its end. Confined to the host's event loop. */
public final class HostedRun {

  private final HostedAgent agent;
  private final HostedAgent.Identity self;
  private final HeartbeatRun record;
  private final WakeFacts facts;
  private final AgentToken token;
  private final WayIn way;
  private final Instant acceptedAt;
  private final CancellationSource cancellation = new CancellationSource();
  private final RunFeed feed = new RunFeed();
  private final Promise<Ending> over = Promise.promise();
  private final Promise<Void> letGo = Promise.promise();
  private @Nullable HostedRun behind;
  private Phase phase = Phase.QUEUED;
  private boolean holdsIssue;
  private boolean handingOver;
  private boolean stopped;
  private @Nullable String session;

  /**
   * @param record as the server told it when the run came in
   * @param behind the run of the same agent and issue that was going on when this one came in
   */
  HostedRun(
      HostedAgent agent, HostedAgent.Identity self, HeartbeatRun record, WakeFacts facts, AgentToken token, WayIn way,
      Instant acceptedAt, @Nullable HostedRun behind) {
    this.agent = agent;
    this.self = self;
    this.record = record;
    this.facts = facts;
    this.token = token;
    this.way = way;
    this.acceptedAt = acceptedAt;
    this.behind = behind;
  }

  public RunId id() {
    return record.id();
  }

  HeartbeatRun record() {
    return record;
  }

  public HostedAgent agent() {
    return agent;
  }

  public HostedAgent.Identity self() {
    return self;
  }

  public Optional<IssueId> issue() {
    return facts.task();
  }

  public WakeFacts facts() {
    return facts;
  }

  AgentToken token() {
    return token;
  }

  public WayIn way() {
    return way;
  }

  public Instant acceptedAt() {
    return acceptedAt;
  }

  public Phase phase() {
    return phase;
  }

  /** Whether the work is asked to stop, for whatever reason. */
  public boolean isToStop() {
    return cancellation.isRequested();
  }

  CancellationSource cancellation() {
    return cancellation;
  }

  /** Completes at the end, never fails. */
  public Future<Ending> over() {
    return over.future();
  }

  /**
   * Completes when whoever started the run may go: at its end, or when it was asked to stop while it gives its issue away.
   * The server answers that request only once a process that it had started is gone (contract section 7).
   */
  public Future<Ending> released() {
    return Future.any(over.future(), letGo.future()).map(first -> over.future().isComplete()
        ? over.future().result() : Ending.completed("", acceptedAt));
  }

  /** Whether the token is the one that this run came with. */
  public boolean speaksFor(Optional<AgentToken> other) {
    return other
        .filter(shown -> MessageDigest.isEqual(
            shown.reveal().getBytes(StandardCharsets.UTF_8), token.reveal().getBytes(StandardCharsets.UTF_8)))
        .isPresent();
  }

  StoredRun stored(@Nullable Ending ending) {
    return new StoredRun(id(), agent.name(), facts.issue(), way, acceptedAt, ending);
  }

  /** Reads along, from the first event that nobody has read; see {@link RunFeed}. */
  public Runnable read(Consumer<RunEvent> reader) {
    return feed.read(reader);
  }

  void started() {
    phase = Phase.RUNNING;
  }

  /** Asks the work to stop; the issue is then told why. */
  void stop(String why) {
    stopped = true;
    if (handingOver) {
      letGo.tryComplete();
    }
    stopping();
    cancellation.request(why);
  }

  /** Asks the work to stop, and to leave the issue to a later heartbeat. */
  void postpone(String why, Instant until) {
    stopping();
    cancellation.postpone(why, until);
  }

  private void stopping() {
    if (phase == Phase.RUNNING) {
      phase = Phase.STOPPING;
    }
  }

  boolean wasStopped() {
    return stopped;
  }

  /** The conversation that the work is part of, as far as its worker has told. */
  @Nullable String session() {
    return session;
  }

  void tell(HeartbeatEvent event) {
    if (phase.isOver()) {
      return;
    }
    if (event.kind() == HeartbeatEvent.Kind.SESSION) {
      session = event.message();
    }
    holdsIssue |= event.step() == Step.CHECKOUT && event.kind() == HeartbeatEvent.Kind.DONE;
    handingOver |= event.kind() == HeartbeatEvent.Kind.HANDING_OVER;
    if (way.isReadAlong()) {
      feed.publish(holdsIssue ? new RunEvent.Text(event) : new RunEvent.Stepped(event));
    }
  }

  void end(Ending ending) {
    phase = ending.phase();
    behind = null; // else the runs of a busy issue would hold one another for ever
    feed.publish(new RunEvent.Ended(ending));
    over.complete(ending);
  }

  /**
   * Whether another heartbeat has just done all that this wake asks for: it went on when this wake came, ended well, and
   * this wake has no comment, answer or approval that the other had not. A run that the server has given the issue to is
   * never left out, since the server takes its silence for a failure (contract section 12).
   */
  boolean bringsNothingNew() {
    HostedRun before = behind;
    if (before == null || before.phase != Phase.COMPLETED || !before.holdsIssue || issue().isEmpty()) {
      return false;
    }
    boolean given = facts.payload() != null && Boolean.TRUE.equals(facts.payload().checkedOutByHarness());
    return !given
        && before.facts.comments().containsAll(facts.comments())
        && (facts.interaction() == null || facts.interaction().equals(before.facts.interaction()))
        && (facts.approval() == null || facts.approval().equals(before.facts.approval()));
  }
}
