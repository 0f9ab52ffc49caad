package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.heartbeat.work.Detachment;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.ClaimLostException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run from its acceptance to its end. Confined to the host's event loop. */
public final class HostedRun {

  private final HostedAgent agent;
  private final HostedAgent.AgentIdentity identity;
  private final HeartbeatRun serverRun;
  private final WakeFacts facts;
  private final AgentToken token;
  private final WakeChannel channel;
  private final Instant acceptedAt;
  private final CancellationSource cancellation = new CancellationSource();
  private final Detachment detachment = new Detachment();
  private final RunEventBuffer events = new RunEventBuffer();
  private final Promise<RunResult> completion = Promise.promise();
  private final Promise<Void> earlyRelease = Promise.promise();
  private final BooleanSupplier isOurs;
  private @Nullable HostedRun predecessor;
  private RunPhase runPhase = RunPhase.QUEUED;
  private boolean holdsIssue;
  private boolean handingOver;
  private boolean stopped;
  private boolean workStarted;
  private int followers;
  private volatile boolean deserted; // read on the heartbeat's event loop too
  private @Nullable RunLog log;
  private @Nullable String session;

  /**
   * @param record as the server answered it when the run was admitted
   * @param isOurs false as soon as this host has lost its claims, so that another host may have the run
   * @param behind the run of the same agent and issue that was live when this one was admitted
   */
  HostedRun(
      HostedAgent agent, HostedAgent.AgentIdentity self, HeartbeatRun record, WakeFacts facts, AgentToken token,
      WakeChannel way,
      Instant acceptedAt, BooleanSupplier isOurs, @Nullable HostedRun behind) {
    this.agent = agent;
    this.identity = self;
    this.serverRun = record;
    this.facts = facts;
    this.token = token;
    this.channel = way;
    this.acceptedAt = acceptedAt;
    this.isOurs = isOurs;
    this.predecessor = behind;
  }

  public RunId id() {
    return serverRun.id();
  }

  HeartbeatRun serverRun() {
    return serverRun;
  }

  public HostedAgent agent() {
    return agent;
  }

  public HostedAgent.AgentIdentity identity() {
    return identity;
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

  public WakeChannel channel() {
    return channel;
  }

  public Instant acceptedAt() {
    return acceptedAt;
  }

  public RunPhase phase() {
    return runPhase;
  }

  /** Whether the work was asked to stop, for any reason. */
  public boolean isStopRequested() {
    return cancellation.isRequested();
  }

  CancellationSource cancellation() {
    return cancellation;
  }

  Detachment detachment() {
    return detachment;
  }

  /** Whether the work goes on although the server has ended the run. */
  public boolean isDetached() {
    return detachment.isDetached();
  }

  /** Whether the work on this run's issue goes on after the run that began it. */
  boolean isBehindDetachedWork() {
    HostedRun before = predecessor;
    return before != null && issue().isPresent() && before.isDetached() && !before.runPhase.isOver();
  }

  /** Whether the server has given the issue to this run. */
  boolean isGivenIssue() {
    return facts.payload() != null && Boolean.TRUE.equals(facts.payload().checkedOutByHarness());
  }

  /** Whether this host has lost its claim on the run: another host may execute it. */
  public boolean isAbandoned() {
    return !isOurs.getAsBoolean();
  }

  BooleanSupplier isOurs() {
    return isOurs;
  }

  /** Completes at the end; fails where the run is {@linkplain #isAbandoned() abandoned}: it has no end here. */
  public Future<RunResult> completion() {
    return completion.future();
  }

  /**
   * Completes when the process that started the run may exit: at its end, or when it was asked to stop during a
   * hand-off. The server answers that request only once a process that it had started is gone (contract section 7).
   */
  public Future<RunResult> callerRelease() {
    return Future.any(completion.future(), earlyRelease.future()).map(first -> completion.future().isComplete()
        ? completion.future().result()
        : RunResult.completed("", acceptedAt));
  }

  /** Whether this run was admitted with the token. */
  public boolean hasToken(Optional<AgentToken> other) {
    return other
        .filter(shown -> MessageDigest.isEqual(
            shown.reveal().getBytes(StandardCharsets.UTF_8), token.reveal().getBytes(StandardCharsets.UTF_8)))
        .isPresent();
  }

  StoredRun toStoredRun(@Nullable RunResult result) {
    return new StoredRun(id(), agent.name(), facts.issue(), channel, acceptedAt, result);
  }

  /** Follows the events from the first unread one; see {@link RunEventBuffer}. */
  public Runnable subscribe(Consumer<RunEvent> reader) {
    return events.subscribe(reader);
  }

  /** Keeps the text of all events from now on, for the readers of {@link #log()}. */
  void keepLog(RunLog kept) {
    log = kept;
  }

  /** Empty where the channel has no reader of a log. */
  public Optional<RunLog> log() {
    return Optional.ofNullable(log);
  }

  /** Somebody reads the log, until the end or until {@link #left}. */
  public void followed() {
    followers++;
    deserted = false;
  }

  public void left() {
    followers--;
    deserted = followers == 0;
  }

  /** Whether all who read the log are gone, so that nobody may wait for the end. */
  public boolean isDeserted() {
    return deserted;
  }

  void markRunning() {
    runPhase = RunPhase.RUNNING;
    workStarted = true;
  }

  /** An earlier host may have begun the work. */
  void assumeWorkStarted() {
    workStarted = true;
  }

  /** False only where the work has certainly not begun. */
  public boolean isWorkStarted() {
    return workStarted;
  }

  /** Asks the work to stop; the reason goes into the issue's comment. */
  void stop(WorkFailure why) {
    stopped = true;
    if (handingOver) {
      earlyRelease.tryComplete();
    }
    markStopping();
    cancellation.request(why);
  }

  /** Asks the work to stop, and to leave the issue to a later heartbeat. */
  void postpone(WorkFailure why, Instant until) {
    markStopping();
    cancellation.postpone(why, until);
  }

  private void markStopping() {
    if (runPhase == RunPhase.RUNNING) {
      runPhase = RunPhase.STOPPING;
    }
  }

  boolean wasStopped() {
    return stopped;
  }

  /** The session that the worker has reported. */
  @Nullable
  String session() {
    return session;
  }

  /** Completes when its readers can read it. */
  Future<Void> onEvent(HeartbeatEvent event) {
    if (runPhase.isOver()) {
      return Future.succeededFuture();
    }
    if (event.kind() == HeartbeatEvent.Kind.SESSION) {
      session = event.message();
    }
    holdsIssue |= event.step() == Step.CHECKOUT && event.kind() == HeartbeatEvent.Kind.DONE;
    handingOver |= event.kind() == HeartbeatEvent.Kind.HANDING_OVER;
    if (channel.hasEventReader()) {
      events.publish(holdsIssue ? new RunEvent.IssueOutput(event) : new RunEvent.Stepped(event));
    }
    return log == null ? Future.succeededFuture() : log.append(LogLine.of(event));
  }

  /** Ends the run here without an end: who follows it has to ask again, and gets another host. */
  void abandon() {
    predecessor = null;
    ClaimLostException lost = new ClaimLostException("another host may execute run " + id());
    completion.tryFail(lost);
    earlyRelease.tryFail(lost);
  }

  void complete(RunResult result) {
    runPhase = result.phase();
    predecessor = null; // else the runs of a busy issue would keep each other in memory
    events.publish(new RunEvent.Ended(result));
    completion.complete(result);
  }

  /**
   * Whether another heartbeat has just done all that this wake asks for: it went on when this wake came, ended well,
   * and this wake has no comment, answer or approval that the other had not. A run that the server has given the issue
   * to is never left out, since the server takes its silence for a failure (contract section 12).
   */
  boolean isRedundant() {
    HostedRun before = predecessor;
    if (before == null || before.runPhase != RunPhase.COMPLETED || !before.holdsIssue || issue().isEmpty()) {
      return false;
    }
    return !isGivenIssue()
        && before.facts.comments().containsAll(facts.comments())
        && (facts.interaction() == null || facts.interaction().equals(before.facts.interaction()))
        && (facts.approval() == null || facts.approval().equals(before.facts.approval()));
  }
}
