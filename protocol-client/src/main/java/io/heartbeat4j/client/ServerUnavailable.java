package io.heartbeat4j.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server or a proxy before it answered 502, 503 or 504: the request may have been processed. */
public final class ServerUnavailable extends TransientFailure {

  private static final long serialVersionUID = 1L;

  private final int status;

  ServerUnavailable(String message, int status, @Nullable Duration retryAfter) {
    super(message, null, retryAfter);
    this.status = status;
  }

  public int status() {
    return status;
  }

  @Override
  boolean mayHaveArrived() {
    return true;
  }
}
