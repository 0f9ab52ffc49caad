package io.heartbeat4j.heartbeat.outcome;

/** A heartbeat could not go on; the message says in one line what failed, where, and what to do. */
public final class HeartbeatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The kind of failure, which decides the exit code. */
  public enum Kind {
    /** A variable or argument is missing or malformed. */
    BAD_WAKE,
    /** The server refuses the identity, or the run belongs to another agent. */
    NOT_ALLOWED,
    /** The server gave no usable answer. */
    SERVER,
    /** A held issue could not be settled. */
    NOT_SETTLED
  }

  private final Kind kind;

  public HeartbeatException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public HeartbeatException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
