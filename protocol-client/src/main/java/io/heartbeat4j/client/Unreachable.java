package io.heartbeat4j.client;

import org.jspecify.annotations.Nullable;

/** The request was not sent: no connection, no such host, no TLS, or the circuit to this server is open. */
public final class Unreachable extends TransientFailure {

  private static final long serialVersionUID = 1L;

  private final boolean local;

  private Unreachable(String message, @Nullable Throwable cause, boolean local) {
    super(message, cause, null);
    this.local = local;
  }

  /** The server could not be reached. */
  static Unreachable server(String message, Throwable cause) {
    return new Unreachable(message, cause, false);
  }

  /** This client did not try: closed, out of connections, or waiting for the server to recover. */
  static Unreachable notTried(String message, @Nullable Throwable cause) {
    return new Unreachable(message, cause, true);
  }

  /** Whether the reason lies in this client, so that it says nothing about the server's health. */
  boolean isLocal() {
    return local;
  }

  @Override
  public boolean mayHaveBeenProcessed() {
    return false;
  }
}
