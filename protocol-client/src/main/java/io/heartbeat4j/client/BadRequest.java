package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/** 400: the request is malformed, a bug here or a server of another version. */
public final class BadRequest extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  BadRequest(String message, ApiError error) {
    super(message, 400, error);
  }
}
