package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkFailure.Kind;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.RunStatus;
import java.util.Optional;

/** Why the server has ended a run, from its record of it. Pure. */
final class ServerStopReason {

  private ServerStopReason() {}

  /** Empty where the server has not ended the run, or not by its own decision. */
  static Optional<WorkFailure> of(HeartbeatRun run) {
    if (run.status().equals(RunStatus.TIMED_OUT)) {
      return failure(Kind.TIME_LIMIT, "Paperclip's time limit for this agent's runs was reached.");
    }
    if (run.status().equals(RunStatus.INTERRUPTED) || HeartbeatRun.SERVER_SHUTDOWN.equals(run.errorCode())) {
      return failure(Kind.SERVER_SHUTDOWN, "Paperclip ended the run.");
    }
    if (!run.status().equals(RunStatus.CANCELLED)) {
      return Optional.empty();
    }
    if (HeartbeatRun.REASSIGNED.equals(run.errorCode())) {
      return failure(Kind.REASSIGNED, "Paperclip stopped the run.");
    }
    return run.stopReason().flatMap(reason -> switch (reason) {
      case BUDGET_PAUSED -> failure(Kind.BUDGET_STOPPED, "Paperclip stopped the run.");
      case PAUSED -> failure(Kind.PAUSED, "Paperclip stopped the run.");
      case CANCELLED -> failure(Kind.BOARD_CANCELLED, "The work was stopped.");
    });
  }

  private static Optional<WorkFailure> failure(Kind kind, String message) {
    return Optional.of(new WorkFailure(kind, message));
  }
}
