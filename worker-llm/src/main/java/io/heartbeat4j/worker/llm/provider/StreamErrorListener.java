package io.heartbeat4j.worker.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ends a stream at an error that the provider sends as a piece of it, after its 200: as if it had answered with the
 * status that fits the error. LangChain4j's models pass over most of them.
 */
final class StreamErrorListener implements ServerSentEventListener {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNKNOWN = 500;

  /** By the provider's word for it, of which OpenAI has a code and a type. */
  private static final Map<String, Integer> STATUS = Map.ofEntries(
      Map.entry("overloaded_error", 529), Map.entry("server_is_overloaded", 529), Map.entry("slow_down", 529),
      Map.entry("rate_limit_error", 429), Map.entry("rate_limit_exceeded", 429), Map.entry("insufficient_quota", 429),
      Map.entry("RESOURCE_EXHAUSTED", 429), Map.entry("UNAVAILABLE", 503),
      Map.entry("authentication_error", 401), Map.entry("invalid_api_key", 401), Map.entry("permission_error", 403),
      Map.entry("request_too_large", 413), Map.entry("context_length_exceeded", 400),
      Map.entry("invalid_request_error", 400), Map.entry("INVALID_ARGUMENT", 400));

  private final ServerSentEventListener model;
  private final HttpHeaders headers;
  private boolean failed;

  StreamErrorListener(ServerSentEventListener model, HttpHeaders headers) {
    this.model = model;
    this.headers = headers;
  }

  @Override
  public void onOpen(SuccessfulHttpResponse response) {
    model.onOpen(response);
  }

  @Override
  public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
    Optional<JsonNode> error = failed ? Optional.empty() : error(event.data());
    if (error.isPresent()) {
      onError(new ProviderHttpException(status(error.get()),
          JSON.createObjectNode().set("error", error.get()).toString(), headers));
      context.parsingHandle().cancel();
    } else if (!failed) {
      model.onEvent(event, context);
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!failed) {
      failed = true;
      model.onError(error);
    }
  }

  @Override
  public void onClose() {
    if (!failed) {
      model.onClose();
    }
  }

  private static Optional<JsonNode> error(String data) {
    if (!data.contains("\"error\"")) {
      return Optional.empty();
    }
    try {
      JsonNode tree = JSON.readTree(data);
      boolean isOne = tree.path("type").asText().equals("error") || tree.path("object").asText().equals("error");
      return Stream.of(tree.path("error"), tree.path("response").path("error"), isOne ? tree : tree.path("none"))
          .filter(node -> node.isObject() || node.isTextual()).findFirst();
    } catch (JsonProcessingException words) {
      return Optional.empty();
    }
  }

  private static int status(JsonNode error) {
    int code = error.path("code").asInt();
    return code >= 400 && code < 600 ? code
        : List.of("code", "status", "type").stream().map(field -> STATUS.get(error.path(field).asText()))
            .filter(Objects::nonNull).findFirst().orElse(UNKNOWN);
  }
}
