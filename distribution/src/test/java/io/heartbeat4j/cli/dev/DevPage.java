package io.heartbeat4j.cli.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Uses a session by the HTTP requests of its page. */
public final class DevPage {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  private DevPage(String url) {
    this.url = url;
  }

  /**
   * The page of a session.
   *
   * @param description what the command prints
   */
  public static DevPage of(String description) {
    Matcher found = URL.matcher(description);
    if (!found.find()) {
      throw new AssertionError("no URL in: " + description);
    }
    return new DevPage(found.group());
  }

  public String url() {
    return url;
  }

  public JsonNode get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).build());
  }

  public JsonNode post(String path, Map<String, ?> body) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(JSON.valueToTree(body).toString())).build());
  }

  private JsonNode send(HttpRequest request) {
    try {
      HttpResponse<String> answer = exchange(request);
      if (answer.statusCode() != 200) {
        throw new AssertionError(request + ": " + answer.statusCode() + " " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public HttpResponse<String> exchange(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** The id of a new issue of the agent. */
  public String createIssue(String title) {
    return post("board/issues", Map.of("title", title, "description", "")).path("id").asText();
  }

  public JsonNode awaitIssue(String id, Predicate<JsonNode> condition) {
    JsonNode[] last = new JsonNode[1];
    waitUntil(() -> {
      last[0] = get("board/issues/" + id);
      return condition.test(last[0]);
    }, () -> String.valueOf(last[0]));
    return last[0];
  }

  /** The last comment of the issue when it has this status. */
  public String awaitStatus(String id, String status) {
    JsonNode comments = awaitIssue(id, read -> read.at("/issue/status").asText().equals(status)).path("comments");
    return comments.isEmpty() ? "" : comments.get(comments.size() - 1).path("body").asText();
  }

  public static void waitUntil(BooleanSupplier condition, java.util.function.Supplier<String> state) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen within " + LIMIT.toSeconds() + " s: " + state.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
    }
  }
}
