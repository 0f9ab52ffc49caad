package io.heartbeat4j.heartbeat.steps;

import static io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;

import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.CancellationToken;
import io.heartbeat4j.worker.CurrentRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;

/** The run of one call of the worker: its limits, its cancellation, and its log, whose lines are signs of life. */
final class WorkerRun implements CurrentRun {

  private final HeartbeatContext heartbeat;
  private final String issueLabel;
  private final Redactor redactor;
  private final Instant started;
  private final CancellationSource cancellation = new CancellationSource();
  private volatile Instant lastActivity;

  WorkerRun(HeartbeatContext heartbeat, String issueLabel, Redactor redactor) {
    this.heartbeat = heartbeat;
    this.issueLabel = issueLabel;
    this.redactor = redactor;
    this.started = heartbeat.clock().instant();
    this.lastActivity = started;
  }

  @Override
  public RunId id() {
    return heartbeat.run().run();
  }

  @Override
  public Optional<Instant> deadline() {
    Duration total = heartbeat.setup().limits().total();
    return total.isZero() ? Optional.empty() : Optional.of(started.plus(total));
  }

  @Override
  public CancellationToken cancellation() {
    return cancellation;
  }

  void requestStop(WorkFailure why) {
    cancellation.request(why);
  }

  /** The worker has ended: nothing of it is kept. */
  void end() {
    cancellation.forgetActions();
  }

  @Override
  public void reportProgress(String line) {
    recordActivity();
    heartbeat.emit(Step.DO_THE_WORK, Kind.PROGRESS, issueLabel, redactor.redact(line));
  }

  @Override
  public void reportSession(String id) {
    heartbeat.emit(Step.DO_THE_WORK, Kind.SESSION, issueLabel, redactor.redact(id));
  }

  void recordActivity() {
    lastActivity = heartbeat.clock().instant();
  }

  Duration timeSinceActivity() {
    return Duration.between(lastActivity, heartbeat.clock().instant());
  }

  @Override
  public String redact(String text) {
    return redactor.redact(text);
  }

  @Override
  public Logger logger() {
    return new WorkerLogger(
        "agent " + heartbeat.self().name() + ", run " + id() + ", issue " + issueLabel + ": ", redactor);
  }
}
