package io.heartbeat4j.heartbeat.outcome;

/** A heartbeat that could not go on, in one line that says what, where and what to do. */
public final class HeartbeatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What kind of trouble, which decides the exit code. */
  public enum Kind {
    /** A variable or argument is missing or malformed. */
    BAD_WAKE,
    /** The server does not accept who we say we are, or the run is not ours. */
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
