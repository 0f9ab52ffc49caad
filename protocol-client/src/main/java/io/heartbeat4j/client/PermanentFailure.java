package io.heartbeat4j.client;

import io.heartbeat4j.protocol.ApiError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server refused the request and would refuse it again: never repeated. */
public abstract sealed class PermanentFailure extends PaperclipException
    permits BadRequest, Unauthorized, Forbidden, NotFound, Conflict, Unprocessable, WriteLimitExceeded, ServerError,
    UnexpectedResponse,
    AuthorMismatch {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient ApiError error;

  PermanentFailure(String message, int status, ApiError error) {
    this(message, status, error, null);
  }

  PermanentFailure(String message, int status, ApiError error, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.error = error;
  }

  /** The status code of the answer; for an {@link UnexpectedResponse} it can be a 2xx. */
  public int status() {
    return status;
  }

  /** The body of the answer, empty where it was not the server's error object. */
  public ApiError error() {
    return error;
  }

  /** The server's code for the refusal, wherever it put it. */
  public Optional<String> code() {
    return error.effectiveCode();
  }
}
