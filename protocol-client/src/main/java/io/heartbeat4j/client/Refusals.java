package io.heartbeat4j.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.ApiError;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sorts an answer that is not a success by what the caller can do (contract sections 1, 2, 6 and 7). */
final class Refusals {

  private static final int SHOWN = 300;
  private static final ApiError SILENT = new ApiError(null, null, null);

  private Refusals() {}

  static PaperclipException of(Call<?> call, Answer answer) {
    Optional<ApiError> told = error(answer);
    ApiError error = told.orElse(SILENT);
    String message = call + " answered " + answer.status() + ": " + words(answer, error);
    return switch (answer.status()) {
      case 400 -> new BadRequest(message, error);
      case 401 -> new Unauthorized(message, error);
      case 403 -> new Forbidden(message, error);
      case 404 -> told.isPresent() ? new NotFound(message, error) : unexpected(call, answer, message);
      case 409 -> new Conflict(message, error);
      case 422 -> new Unprocessable(message, error);
      case 429 -> tooMany(answer, error, message);
      case 502, 503, 504 -> new Unavailable(message, answer.status(), retryAfter(answer).orElse(null));
      default -> answer.status() >= 500
          ? new ServerFault(message, answer.status(), error)
          : unexpected(call, answer, message);
    };
  }

  static UnexpectedAnswer tooLarge(Call<?> call, int status, int limit) {
    return new UnexpectedAnswer(call + ": the answer is larger than " + limit + " bytes", status, SILENT, null);
  }

  /** A success that can't be read: a web page, another shape. */
  static UnexpectedAnswer unreadable(Call<?> call, Answer answer, IOException cause) {
    String type = Optional.ofNullable(answer.header("content-type")).orElse("no content type");
    String what = type.contains("json")
        ? "not what the contract says (" + firstLine(String.valueOf(cause.getMessage())) + ")"
        : "not JSON but " + type + ": does PAPERCLIP_API_URL name a Paperclip server?";
    return new UnexpectedAnswer(call + " answered " + answer.status() + ", " + what, answer.status(), SILENT, cause);
  }

  private static PaperclipException unexpected(Call<?> call, Answer answer, String message) {
    if (answer.status() / 100 == 3) {
      return new UnexpectedAnswer(call + " was redirected to " + answer.header("location")
          + ": redirects are not followed, put that server into PAPERCLIP_API_URL", answer.status(), SILENT, null);
    }
    return new UnexpectedAnswer(message, answer.status(), error(answer).orElse(SILENT), null);
  }

  /** The list's limit names a time and passes; the cap of a run names none and does not (contract section 1). */
  private static PaperclipException tooMany(Answer answer, ApiError error, String message) {
    Optional<Duration> wait = retryAfter(answer);
    boolean capped = error.anyCode().filter("cross_issue_influence_cap_exceeded"::equals).isPresent();
    return capped || wait.isEmpty()
        ? new CapReached(message, error)
        : new TooManyRequests(message, wait.get());
  }

  /** In seconds, from the header or the body; a date or nonsense is no time to wait. */
  static Optional<Duration> retryAfter(Answer answer) {
    Optional<Duration> header = seconds(answer.header("retry-after"));
    if (header.isPresent()) {
      return header;
    }
    try {
      JsonNode seconds = ProtocolJson.mapper().readTree(answer.body().getBytes()).path("retryAfterSeconds");
      return seconds.isNumber() && seconds.asDouble() >= 0
          ? Optional.of(Duration.ofMillis((long) (seconds.asDouble() * 1000)))
          : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> seconds(@Nullable String header) {
    try {
      return header == null ? Optional.empty() : Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(header.strip()))));
    } catch (NumberFormatException notSeconds) {
      return Optional.empty();
    }
  }

  private static Optional<ApiError> error(Answer answer) {
    try {
      ApiError error = ProtocolJson.mapper().readValue(answer.body().getBytes(), ApiError.class);
      return Optional.ofNullable(error);
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  private static String words(Answer answer, ApiError error) {
    String text = error.error() != null ? error.error() : answer.body().length() == 0 ? "nothing more" : answer.body().toString();
    String line = firstLine(text);
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }
}
