package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/**
 * 403: the agent may not do this. An unscoped run's comment or update is refused so, even on its own issue (contract
 * section 4).
 */
public final class Forbidden extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  Forbidden(String message, ApiError error) {
    super(message, 403, error);
  }
}
