package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is not the API's: a web page, a redirect, another shape, more than the limit, or a status that the
 * contract does not know. Behind a 2xx the server has acted on the request.
 */
public final class UnexpectedResponse extends PermanentFailure {

  private static final long serialVersionUID = 1L;

  UnexpectedResponse(String message, int status, ApiError error, @Nullable Throwable cause) {
    super(message, status, error, cause);
  }
}
