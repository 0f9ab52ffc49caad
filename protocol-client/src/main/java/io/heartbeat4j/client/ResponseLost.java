package io.heartbeat4j.client;

import org.jspecify.annotations.Nullable;

/** The request was sent, or may have been, and no whole answer came: a time-out, a closed connection, a cut body. */
public final class ResponseLost extends TransientFailure {

  private static final long serialVersionUID = 1L;

  ResponseLost(String message, @Nullable Throwable cause) {
    super(message, cause, null);
  }

  @Override
  boolean mayHaveArrived() {
    return true;
  }
}
