package io.heartbeat4j.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.ApiError;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps an error response to an exception by what the caller can do (contract sections 1, 2, 6 and 7). */
final class ErrorResponseMapper {

  private static final int MAX_MESSAGE_LENGTH = 300;
  private static final ApiError NO_ERROR_BODY = new ApiError(null, null, null);

  private ErrorResponseMapper() {}

  static PaperclipException toException(ApiRequest<?> apiRequest, ApiResponse apiResponse) {
    Optional<ApiError> told = readError(apiResponse);
    ApiError error = told.orElse(NO_ERROR_BODY);
    String message = apiRequest + " answered " + apiResponse.status() + ": " + describe(apiResponse, error);
    return switch (apiResponse.status()) {
      case 400 -> new BadRequest(message, error);
      case 401 -> new Unauthorized(message, error);
      case 403 -> new Forbidden(message, error);
      case 404 -> told.isPresent() ? new NotFound(message, error) : unexpected(apiRequest, apiResponse, message);
      case 409 -> new Conflict(message, error);
      case 422 -> new Unprocessable(message, error);
      case 429 -> toTooManyRequests(apiResponse, error, message);
      case 502, 503, 504 -> new ServerUnavailable(message, apiResponse.status(), retryAfter(apiResponse).orElse(null));
      default -> apiResponse.status() >= 500
          ? new ServerError(message, apiResponse.status(), error)
          : unexpected(apiRequest, apiResponse, message);
    };
  }

  static UnexpectedResponse tooLarge(ApiRequest<?> apiRequest, int status, int limit) {
    return new UnexpectedResponse(apiRequest + ": the answer is larger than " + limit + " bytes", status, NO_ERROR_BODY,
        null);
  }

  /** A success that can't be read: a web page, another shape. */
  static UnexpectedResponse unreadable(ApiRequest<?> apiRequest, ApiResponse apiResponse, IOException cause) {
    String type = Optional.ofNullable(apiResponse.header("content-type")).orElse("no content type");
    String what = type.contains("json")
        ? "not what the contract says (" + firstLine(String.valueOf(cause.getMessage())) + ")"
        : "not JSON but " + type + ": does PAPERCLIP_API_URL name a Paperclip server?";
    return new UnexpectedResponse(apiRequest + " answered " + apiResponse.status() + ", " + what, apiResponse.status(),
        NO_ERROR_BODY, cause);
  }

  private static PaperclipException unexpected(ApiRequest<?> apiRequest, ApiResponse apiResponse, String message) {
    if (apiResponse.status() / 100 == 3) {
      return new UnexpectedResponse(apiRequest + " was redirected to " + apiResponse.header("location")
          + ": redirects are not followed, put that server into PAPERCLIP_API_URL", apiResponse.status(), NO_ERROR_BODY,
          null);
    }
    return new UnexpectedResponse(message, apiResponse.status(), readError(apiResponse).orElse(NO_ERROR_BODY), null);
  }

  /** The list's limit names a time and passes; the cap of a run names none and does not (contract section 1). */
  private static PaperclipException toTooManyRequests(ApiResponse apiResponse, ApiError error, String message) {
    Optional<Duration> wait = retryAfter(apiResponse);
    boolean capped = error.effectiveCode().filter("cross_issue_influence_cap_exceeded"::equals).isPresent();
    return capped || wait.isEmpty()
        ? new WriteLimitExceeded(message, error)
        : new TooManyRequests(message, wait.get());
  }

  /** In seconds, from the header or the body; a date or nonsense is no time to wait. */
  static Optional<Duration> retryAfter(ApiResponse apiResponse) {
    Optional<Duration> header = seconds(apiResponse.header("retry-after"));
    if (header.isPresent()) {
      return header;
    }
    try {
      JsonNode seconds = ProtocolJson.mapper().readTree(apiResponse.body().getBytes()).path("retryAfterSeconds");
      return seconds.isNumber() && seconds.asDouble() >= 0
          ? Optional.of(Duration.ofMillis((long) (seconds.asDouble() * 1000)))
          : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> seconds(@Nullable String header) {
    try {
      return header == null ? Optional.empty()
          : Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(header.strip()))));
    } catch (NumberFormatException notSeconds) {
      return Optional.empty();
    }
  }

  private static Optional<ApiError> readError(ApiResponse apiResponse) {
    try {
      ApiError error = ProtocolJson.mapper().readValue(apiResponse.body().getBytes(), ApiError.class);
      return Optional.ofNullable(error);
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  private static String describe(ApiResponse apiResponse, ApiError error) {
    String text = error.error() != null ? error.error()
        : apiResponse.body().length() == 0 ? "nothing more" : apiResponse.body().toString();
    String line = firstLine(text);
    return line.length() > MAX_MESSAGE_LENGTH ? line.substring(0, MAX_MESSAGE_LENGTH) + "..." : line;
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }
}
