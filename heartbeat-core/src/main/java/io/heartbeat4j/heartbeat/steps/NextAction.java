package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.wal.LogEntry;

/** What is to be done with an issue that was just checked out. */
public sealed interface NextAction {

  /** Call the worker (step 7). */
  record CallWorker() implements NextAction {}

  /**
   * An earlier run was interrupted after its decision or in its work: write what its log entry says; no work is
   * repeated.
   */
  record ResumeEarlierRun(LogEntry earlier) implements NextAction {}

  /** Somebody has accepted the subtasks of an earlier result: write it; no work is done for it again. */
  record DeliverHeld(WorkOutcome.Held held) implements NextAction {}

  /** No work is due in this wake, for the reason given: leave the issue in this disposition. */
  record SkipWork(Disposition disposition, String reason) implements NextAction {}
}
