package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/** 422: the server's rules forbid it as asked, such as a checkout of a blocked issue (contract sections 6 and 7). */
public final class Unprocessable extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  Unprocessable(String message, ApiError error) {
    super(message, 422, error);
  }
}
