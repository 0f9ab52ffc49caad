package io.heartbeat4j.client;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApiError;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import java.util.Optional;
import java.util.function.Function;

/**
 * 409: another agent or run has the issue, or it is held or closed. Never sent again in this run. The details tell the cases apart
 * (contract section 6); each is empty where the server did not say.
 */
public final class Conflict extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  Conflict(String message, ApiError error) {
    super(message, 409, error);
  }

  /** Whom the issue is assigned to. */
  public Optional<AgentId> assignee() {
    return detail("assigneeAgentId", AgentId::of);
  }

  /** The issue's status on the server. */
  public Optional<IssueStatus> issueStatus() {
    return detail("status", IssueStatus::new);
  }

  /** The run that has checked the issue out. */
  public Optional<RunId> checkoutRunId() {
    return detail("checkoutRunId", RunId::of);
  }

  /** The run that executes the issue. */
  public Optional<RunId> executionRunId() {
    return detail("executionRunId", RunId::of);
  }

  /** The pause of the issue or of one above it, which only the board ends. */
  public Optional<String> pauseHoldId() {
    return error().detail("holdId");
  }

  private <T> Optional<T> detail(String field, Function<String, T> read) {
    return error().detail(field).flatMap(text -> {
      try {
        return Optional.of(read.apply(text));
      } catch (IllegalArgumentException notOfOurs) {
        return Optional.empty();
      }
    });
  }
}
