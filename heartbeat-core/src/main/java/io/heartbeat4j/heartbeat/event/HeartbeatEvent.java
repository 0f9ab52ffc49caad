package io.heartbeat4j.heartbeat.event;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * An event of a step, for logs, metrics and pages.
 *
 * @param issue the issue's label, such as CON-1
 * @param conflict why the server said 409, where it did
 * @param message one line for a person; never holds a secret
 */
public record HeartbeatEvent(
    Instant at, RunId run, AgentId agent, Step step, Kind kind, Optional<String> issue,
    Optional<ConflictCause> conflict, String message) {

  /** What kind of thing happened. */
  public enum Kind {
    /** The step did what it is for. */
    DONE,
    /** There was nothing to do in the step. */
    SKIPPED,
    /** The server answered 409. Never retried. */
    CONFLICT,
    /** The server refused for another reason. */
    REFUSED,
    /** Something went wrong. */
    FAILED,
    /** A line of the worker's progress. */
    PROGRESS,
    /** The worker reported the session that it works in; the message is its id. */
    SESSION,
    /** The next request reassigns the issue; the server then ends this run and waits for the process to exit. */
    HANDING_OVER
  }
}
