package io.heartbeat4j.worker.llm.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.langchain4j.exception.HttpException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Maps a provider's error response to an exception: by status and the provider's error type, as far as it has them. */
final class ProviderErrorMapper {

  static final Duration SHORTEST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofHours(24);
  static final Duration OVERLOADED = Duration.ofSeconds(60);
  static final Duration NO_CREDIT = Duration.ofHours(1);

  private static final int MOST_WORDS = 400;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern GEMINI_DELAY = Pattern.compile("\"retryDelay\"\\s*:\\s*\"(\\d+)(?:\\.\\d+)?s\"");
  /** Servers that speak OpenAI's language have no common code for it. */
  private static final Pattern TOO_LONG = Pattern.compile(
      "context_length_exceeded|prompt is too long|maximum context length|context (window|size|length)|input token count"
          + "|request_too_large|too many tokens",
      Pattern.CASE_INSENSITIVE);

  /** Google's word for it, and that of servers before a model. */
  private static final Pattern OVERLOAD = Pattern.compile("\"UNAVAILABLE\"|overloaded", Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_CREDIT_LEFT = Pattern.compile("insufficient_quota|billing|credit balance");
  /** As OpenAI and Azure say it, more exactly than in Retry-After. */
  private static final List<String> MILLIS = List.of("retry-after-ms", "x-ms-retry-after-ms");

  private final String provider;
  private final Clock clock;

  ProviderErrorMapper(String provider, Clock clock) {
    this.provider = provider;
    this.clock = clock;
  }

  ModelCallException map(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ModelCallException known) {
        return known;
      }
      if (cause instanceof HttpException refused) {
        return mapHttpError(refused, thrown);
      }
      if (cause instanceof IOException broken) {
        return new ModelCallException.TransientFailure(
            "the connection to " + provider + " broke (" + describe(broken) + ")", thrown);
      }
    }
    return new ModelCallException.TransientFailure(
        provider + " broke off its answer: " + providerMessage(String.valueOf(thrown.getMessage())), thrown);
  }

  private ModelCallException mapHttpError(HttpException refused, Throwable thrown) {
    int status = refused.statusCode();
    String body = String.valueOf(refused.getMessage());
    String said = provider + " answered " + status + ": " + providerMessage(body);
    if (status == 401 || status == 403 || body.contains("API_KEY_INVALID")) { // Google answers 400
      return new ModelCallException.KeyRefused(
          said + " Check model.api-key, and whether the key may use the model.", thrown);
    }
    boolean overloaded = status == 503 && (OVERLOAD.matcher(body).find() || retryDelay(refused, body).isPresent());
    boolean noCredit = NO_CREDIT_LEFT.matcher(body).find();
    if (status == 429 || status == 529 || overloaded || (status == 400 && noCredit)) { // Anthropic answers 400
      return new ModelCallException.RateLimited(said,
          bounded(retryDelay(refused, body).orElse(noCredit ? NO_CREDIT : OVERLOADED)), thrown);
    }
    if (status == 413 || (status == 400 && TOO_LONG.matcher(body).find())) {
      return new ModelCallException.ContextLengthExceeded(said, thrown);
    }
    return status >= 500 || status == 408
        ? new ModelCallException.TransientFailure(said, thrown)
        : new ModelCallException.RequestRejected(said, status, thrown);
  }

  private Optional<Duration> retryDelay(HttpException refused, String body) {
    if (refused instanceof ProviderHttpException withHeaders) {
      Optional<Duration> named = MILLIS.stream()
          .flatMap(name -> withHeaders.headers().firstValue(name).flatMap(value -> number(value, 1)).stream())
          .findFirst()
          .or(() -> withHeaders.headers().firstValue("retry-after").flatMap(this::duration));
      if (named.isPresent()) {
        return named;
      }
    }
    Matcher delay = GEMINI_DELAY.matcher(body);
    return delay.find() ? Optional.of(Duration.ofSeconds(Long.parseLong(delay.group(1)))) : Optional.empty();
  }

  /** Seconds, or a date. */
  private Optional<Duration> duration(String header) {
    try {
      return number(header, 1000).or(() -> Optional.of(Duration.between(
          clock.instant(), ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())));
    } catch (DateTimeParseException neither) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> number(String written, int millis) {
    return written.strip().matches("\\d{1,12}(\\.\\d+)?")
        ? Optional.of(Duration.ofMillis((long) (Double.parseDouble(written.strip()) * millis)))
        : Optional.empty();
  }

  static Duration bounded(Duration wait) {
    return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  /** The provider's own words, out of its JSON. */
  private static String providerMessage(String body) {
    String text = body;
    try {
      JsonNode error = JSON.readTree(body).path("error");
      text = error.path("message").asText(error.isTextual() ? error.asText() : body);
    } catch (JsonProcessingException prose) {
      // as it is
    }
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > MOST_WORDS ? line.substring(0, MOST_WORDS) + "..." : line;
  }

  private static String describe(IOException broken) {
    return broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
  }
}
