package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/**
 * 500 or another 5xx. This server also answers 500 to malformed input, so it is not by itself transient (contract
 * section 1); the request may have been processed.
 */
public final class ServerError extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  ServerError(String message, int status, ApiError error) {
    super(message, status, error);
  }
}
