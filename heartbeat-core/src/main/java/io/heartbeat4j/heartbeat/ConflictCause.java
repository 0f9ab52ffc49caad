package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;

/** Who or what has the issue, where the server says 409 (contract section 6). */
public enum ConflictCause {
  /** It is assigned to another agent. */
  ANOTHER_AGENT,
  /** Another run of this agent has it. */
  ANOTHER_RUN,
  /** It is closed. */
  CLOSED,
  /** It is not there any more. */
  GONE,
  /** The server did not say. */
  UNKNOWN;

  /** What the server's answer says to this run of this agent. */
  public static ConflictCause of(Conflict conflict, AgentId self, RunId run) {
    if (conflict.assignee().filter(agent -> !agent.equals(self)).isPresent()) {
      return ANOTHER_AGENT;
    }
    if (conflict.issueStatus().filter(IssueStatus::isClosed).isPresent()) {
      return CLOSED;
    }
    return conflict.checkoutRun().filter(other -> !other.equals(run)).isPresent() ? ANOTHER_RUN : UNKNOWN;
  }
}
