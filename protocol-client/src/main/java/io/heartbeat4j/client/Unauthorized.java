package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/** 401: the token is wrong, expired or of a terminated agent, or the run id is missing (contract section 2). */
public final class Unauthorized extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  Unauthorized(String message, ApiError error) {
    super(message, 401, error);
  }
}
