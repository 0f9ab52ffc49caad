package io.heartbeat4j.host.http;

import java.time.Duration;
import java.util.Optional;

/** An answer to the adapter that refuses its request: a code for it, and a sentence that says what to change. */
final class AdapterException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final int status;
  private final String code;

  AdapterException(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  static AdapterException badRequest(String message) {
    return new AdapterException(400, "bad_request", message);
  }

  static AdapterException tokenRefused(String message) {
    return new AdapterException(403, "token_refused", message);
  }

  static AdapterException invalid(String code, String message) {
    return new AdapterException(422, code, message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  /** When the same request may be answered otherwise. */
  Optional<Duration> retryAfter() {
    return status == 429 || status == 503 ? Optional.of(RETRY_AFTER) : Optional.empty();
  }
}
