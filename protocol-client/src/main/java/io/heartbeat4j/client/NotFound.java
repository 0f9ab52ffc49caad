package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/** 404: it does not exist, or it belongs to another company. */
public final class NotFound extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  NotFound(String message, ApiError error) {
    super(message, 404, error);
  }
}
