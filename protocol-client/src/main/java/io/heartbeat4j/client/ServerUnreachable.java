package io.heartbeat4j.client;

import org.jspecify.annotations.Nullable;

/**
 * The request was not sent: no connection, no such host, no TLS, the circuit to this server is open, or the process may
 * not write any more.
 */
public final class ServerUnreachable extends TransientFailure {

  private static final long serialVersionUID = 1L;

  ServerUnreachable(String message, @Nullable Throwable cause) {
    super(message, cause, null);
  }

  @Override
  boolean mayHaveArrived() {
    return false;
  }
}
