package io.heartbeat4j.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure that may pass by itself. The client has already repeated what may be repeated. */
public abstract sealed class TransientFailure extends PaperclipException
    permits ServerUnreachable, ResponseLost, ServerUnavailable, TooManyRequests {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  TransientFailure(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /**
   * Whether the server may have acted on the request, in its last attempt or in one before (which is suppressed in this
   * one): if so, a write is settled by reading back, not by repeating.
   */
  public final boolean mayHaveBeenProcessed() {
    return mayHaveArrived() || Arrays.stream(getSuppressed())
        .anyMatch(earlier -> !(earlier instanceof TransientFailure passing) || passing.mayHaveBeenProcessed());
  }

  /** Whether the last attempt may have reached the server and been acted on. */
  abstract boolean mayHaveArrived();

  /** Whether the last attempt was certainly not acted on: no server is there, or it takes no more requests now. */
  public final boolean isServerAway() {
    return !mayHaveArrived();
  }

  /** How long the server asked to wait, where it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
