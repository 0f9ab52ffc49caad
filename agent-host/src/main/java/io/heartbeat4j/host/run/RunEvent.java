package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;

/** What a reader of a run is told. */
public sealed interface RunEvent {

  /** A step of the heartbeat. Before the issue is taken, text is never more than this: see {@link IssueOutput}. */
  record Stepped(HeartbeatEvent event) implements RunEvent {}

  /**
   * A step or a line of the work on an issue that is held. The gateway's adapter posts such text as a comment where the
   * run has written none, so there is text only once the issue is held, which always ends with a comment.
   */
  record IssueOutput(HeartbeatEvent event) implements RunEvent {}

  /** The end; the last event. */
  record Ended(RunResult result) implements RunEvent {}
}
