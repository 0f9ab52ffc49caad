package io.heartbeat4j.heartbeat.event;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;

/** Why the server answered 409 (contract section 6). */
public enum ConflictCause {
  /** It is assigned to another agent. */
  ANOTHER_AGENT,
  /** Another run of this agent has it. */
  ANOTHER_RUN,
  /** The board has paused it, or one above it. */
  PAUSED,
  /** It is closed. */
  CLOSED,
  /** It was deleted. */
  GONE,
  /** The server did not say. */
  UNKNOWN;

  /** What the server's answer says to this run of this agent. */
  public static ConflictCause of(Conflict conflict, AgentId self, RunId run) {
    if (conflict.pauseHoldId().isPresent()) {
      return PAUSED;
    }
    if (conflict.assignee().filter(agent -> !agent.equals(self)).isPresent()) {
      return ANOTHER_AGENT;
    }
    if (conflict.issueStatus().filter(IssueStatus::isClosed).isPresent()) {
      return CLOSED;
    }
    return conflict.checkoutRunId().filter(other -> !other.equals(run)).isPresent() ? ANOTHER_RUN : UNKNOWN;
  }
}
