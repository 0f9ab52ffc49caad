package io.heartbeat4j.worker.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** Answers as the providers stream them, written out in full. */
final class ProviderStreamFixture {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ProviderStreamFixture() {}

  static String json(Object value) throws JsonProcessingException {
    return JSON.writeValueAsString(value);
  }

  /** The model calls one tool. */
  static String toolCall(WireFormat wireFormat, String tool, String arguments) throws JsonProcessingException {
    return switch (wireFormat) {
      case OPENAI -> openAi(tool, arguments);
      case RESPONSES -> responses(tool, arguments);
      case ANTHROPIC -> anthropic(tool, arguments);
      case GEMINI ->
        gemini(List.of(Map.of("functionCall", Map.of("name", tool, "args", JSON.readTree(arguments)))), "STOP");
    };
  }

  /** One piece of an answer of Gemini's: it sends calls whole. */
  static String gemini(List<?> parts, String finish) throws JsonProcessingException {
    return "data: " + json(Map.of(
        "candidates",
        List.of(Map.of("content", Map.of("role", "model", "parts", parts), "finishReason", finish, "index", 0)),
        "usageMetadata", Map.of("promptTokenCount", 3000, "cachedContentTokenCount", 2000, "candidatesTokenCount", 10,
            "thoughtsTokenCount", 90, "totalTokenCount", 3100),
        "modelVersion", "gemini-2.5-flash")) + "\r\n\r\n";
  }

  private static String responses(String tool, String arguments) throws JsonProcessingException {
    Map<String, Object> call = Map.of("type", "function_call", "id", "fc_1", "call_id", "call_1", "name", tool,
        "arguments", "");
    StringBuilder events = new StringBuilder();
    event(events, "response.created", Map.of("response", Map.of("id", "resp_1", "status", "in_progress")));
    event(events, "response.output_item.added", Map.of("output_index", 0, "item", call));
    for (String piece : arguments.split("(?<=\\G.{3})", -1)) {
      event(events, "response.function_call_arguments.delta",
          Map.of("output_index", 0, "item_id", "fc_1", "delta", piece));
    }
    event(events, "response.function_call_arguments.done",
        Map.of("output_index", 0, "item_id", "fc_1", "arguments", arguments));
    Map<String, Object> called = new java.util.HashMap<>(call);
    called.put("arguments", arguments);
    called.put("status", "completed");
    event(events, "response.output_item.done", Map.of("output_index", 0, "item", called));
    event(events, "response.completed", Map.of("response", Map.of("id", "resp_1", "model", "m", "status", "completed",
        "output", List.of(called), "usage", Map.of("input_tokens", 3000, "output_tokens", 100, "total_tokens", 3100,
            "input_tokens_details", Map.of("cached_tokens", 2000), "output_tokens_details",
            Map.of("reasoning_tokens", 90)))));
    return events.toString();
  }

  private static String openAi(String tool, String arguments) throws JsonProcessingException {
    StringBuilder events = new StringBuilder();
    Map<String, Object> call = Map.of("index", 0, "id", "call_1", "type", "function", "function",
        Map.of("name", tool, "arguments", ""));
    events.append(chunk(Map.of("role", "assistant", "tool_calls", List.of(call)), null));
    for (String piece : arguments.split("(?<=\\G.{3})", -1)) {
      events.append(
          chunk(Map.of("tool_calls", List.of(Map.of("index", 0, "function", Map.of("arguments", piece)))), null));
    }
    return events.append(chunk(Map.of(), "tool_calls")).append("data: [DONE]\n\n").toString();
  }

  private static String chunk(Map<String, ?> delta, @org.jspecify.annotations.Nullable String finish)
      throws JsonProcessingException {
    Map<String, Object> choice = new java.util.HashMap<>(Map.of("index", 0, "delta", delta));
    choice.put("finish_reason", finish);
    return "data: "
        + json(Map.of("id", "c", "object", "chat.completion.chunk", "model", "m", "choices", List.of(choice))) + "\n\n";
  }

  /** The beginning of an answer of Anthropic's. */
  static String anthropicStart() {
    return "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\","
        + "\"role\":\"assistant\",\"content\":[],\"model\":\"m\",\"usage\":{\"input_tokens\":100,"
        + "\"cache_read_input_tokens\":2000,\"cache_creation_input_tokens\":1000,\"output_tokens\":1}}}\n\n";
  }

  /** A stream that ends with an error, each as the provider writes it. */
  static String streamError(WireFormat wireFormat, boolean overload, String message) throws JsonProcessingException {
    StringBuilder events = new StringBuilder();
    switch (wireFormat) {
      case OPENAI -> events.append(chunk(Map.of("role", "assistant", "content", "Well"), null)).append("data: ")
          .append(json(Map.of("error", Map.of("message", message, "type", "server_error", "code",
              overload ? "server_is_overloaded" : "server_error"))))
          .append("\n\ndata: [DONE]\n\n");
      case RESPONSES -> {
        event(events, "response.created", Map.of("response", Map.of("id", "resp_1", "status", "in_progress")));
        event(events, "response.failed", Map.of("response", Map.of("id", "resp_1", "status", "failed", "error",
            Map.of("code", overload ? "rate_limit_exceeded" : "server_error", "message", message))));
      }
      case ANTHROPIC -> event(events.append(anthropicStart()), "error",
          Map.of("error", Map.of("type", overload ? "overloaded_error" : "api_error", "message", message)));
      case GEMINI -> events.append(gemini(List.of(Map.of("text", "Well")), "")).append("data: ")
          .append(json(Map.of("error", Map.of("code", overload ? 503 : 500, "message", message, "status",
              overload ? "UNAVAILABLE" : "INTERNAL"))))
          .append("\r\n\r\n");
    }
    return events.toString();
  }

  /** A call in whose arguments the model has reached its limit of tokens. */
  static String cutCall(WireFormat wireFormat, String tool, String arguments) throws JsonProcessingException {
    return switch (wireFormat) {
      case OPENAI ->
        openAi(tool, arguments).replace("\"finish_reason\":\"tool_calls\"", "\"finish_reason\":\"length\"");
      case RESPONSES -> responses(tool, arguments).replace("\"status\":\"completed\"", "\"status\":\"incomplete\"")
          .replace("response.completed", "response.incomplete")
          .replace("\"id\":\"resp_1\"", "\"id\":\"resp_1\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}");
      case ANTHROPIC -> anthropic(tool, arguments).replace("\"tool_use\"}", "\"max_tokens\"}");
      case GEMINI -> gemini(List.of(Map.of("text", "I write the file")), "MAX_TOKENS");
    };
  }

  private static String anthropic(String tool, String arguments) throws JsonProcessingException {
    StringBuilder events = new StringBuilder(anthropicStart());
    event(events, "content_block_start", Map.of("index", 0, "content_block",
        Map.of("type", "tool_use", "id", "toolu_1", "name", tool, "input", Map.of())));
    for (String piece : arguments.split("(?<=\\G.{3})", -1)) {
      event(events, "content_block_delta", Map.of("index", 0, "delta",
          Map.of("type", "input_json_delta", "partial_json", piece)));
    }
    event(events, "content_block_stop", Map.of("index", 0));
    event(events, "message_delta",
        Map.of("delta", Map.of("stop_reason", "tool_use"), "usage", Map.of("output_tokens", 10)));
    event(events, "message_stop", Map.of());
    return events.toString();
  }

  private static void event(StringBuilder events, String type, Map<String, ?> fields) throws JsonProcessingException {
    Map<String, Object> data = new java.util.LinkedHashMap<>();
    data.put("type", type);
    data.putAll(fields);
    events.append("event: ").append(type).append("\ndata: ").append(json(data)).append("\n\n");
  }
}
