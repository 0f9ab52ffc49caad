package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;

/**
 * 429 without a time to wait: this run has used up its writes to other issues (contract section 4). It passes with the
 * next run.
 */
public final class WriteLimitExceeded extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  WriteLimitExceeded(String message, ApiError error) {
    super(message, 429, error);
  }
}
