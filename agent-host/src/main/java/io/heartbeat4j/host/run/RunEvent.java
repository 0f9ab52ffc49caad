package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;

/** An event of a run, for those who follow it. */
public sealed interface RunEvent {

  /** A step of the heartbeat. Before the checkout there are no other events: see {@link IssueOutput}. */
  record Stepped(HeartbeatEvent event) implements RunEvent {}

  /**
   * A step or an output line of the work on a checked-out issue. The gateway's adapter posts such text as a comment
   * where the run has written none, so there is text only after a checkout, which always ends with a comment.
   */
  record IssueOutput(HeartbeatEvent event) implements RunEvent {}

  /** The end; the last event. */
  record Ended(RunResult result) implements RunEvent {}
}
