package io.heartbeat4j.client;

import java.time.Duration;
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

  /** Whether the server may have acted on the request: if so, a write is settled by reading back, not by repeating. */
  public abstract boolean mayHaveBeenProcessed();

  /** How long the server asked to wait, where it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
