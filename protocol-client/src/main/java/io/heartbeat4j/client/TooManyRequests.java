package io.heartbeat4j.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** 429 with a time to wait: too many requests at once (contract section 1). The server did not act on this one. */
public final class TooManyRequests extends TransientFailure {

  private static final long serialVersionUID = 1L;

  TooManyRequests(String message, @Nullable Duration retryAfter) {
    super(message, null, retryAfter);
  }

  @Override
  boolean mayHaveArrived() {
    return false;
  }
}
