package io.heartbeat4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;

/**
 * A model on loopback that speaks OpenAI's language and follows a script: the n-th turn of the issue that its thread is
 * about, counted by its own messages in the thread.
 */
final class ScriptedModelServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TOKENS_IN = 2000;

  private final HttpServer server;
  private final Map<String, List<Map<String, Object>>> scripts = new ConcurrentHashMap<>();

  private ScriptedModelServer(HttpServer server) {
    this.server = server;
  }

  static ScriptedModelServer start() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ScriptedModelServer model = new ScriptedModelServer(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", model::answer);
    server.start();
    return model;
  }

  /** The worker's setting {@code model}, as a variable. */
  String modelSetting() throws IOException {
    return JSON.writeValueAsString(Map.of("provider", "openai", "name", "scripted", "api-key", "a-key-for-the-script",
        "base-url", "http://127.0.0.1:" + server.getAddress().getPort() + "/v1"));
  }

  /** What the model does on an issue: in each turn one call of a tool. */
  @SafeVarargs
  final ScriptedModelServer on(String title, Map<String, ?>... turns) {
    List<Map<String, Object>> script = new ArrayList<>();
    for (Map<String, ?> turn : turns) {
      script.add(new LinkedHashMap<>(turn));
    }
    scripts.put(title, script);
    return this;
  }

  static Map<String, ?> toolCall(String tool, Map<String, ?> arguments) {
    return Map.of("name", tool, "arguments", arguments);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      String thread = request.path("messages").toString();
      int turn = (int) StreamSupport.stream(request.path("messages").spliterator(), false)
          .filter(message -> message.path("role").asText().equals("assistant")).count();
      Map<String, Object> call = scripts.entrySet().stream()
          .filter(script -> thread.contains(script.getKey()) && turn < script.getValue().size())
          .map(script -> script.getValue().get(turn))
          .findFirst()
          .orElse(Map.of("name", "list", "arguments", Map.of("depth", 1 + turn % 9)));
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      OutputStream body = exchange.getResponseBody();
      body.write(
          chunk(Map.of("tool_calls", List.of(Map.of("index", 0, "id", "call_" + turn, "type", "function", "function",
              Map.of("name", call.get("name"), "arguments", JSON.writeValueAsString(call.get("arguments")))))), ""));
      body.write(chunk(Map.of(), "tool_calls"));
      body.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] chunk(Map<String, ?> delta, String finish) throws IOException {
    Map<String, Object> choice = new LinkedHashMap<>(Map.of("index", 0, "delta", delta));
    Map<String, Object> chunk = new LinkedHashMap<>(
        Map.of("id", "c", "object", "chat.completion.chunk", "model", "scripted"));
    if (!finish.isEmpty()) {
      choice.put("finish_reason", finish);
      chunk.put("usage", Map.of("prompt_tokens", TOKENS_IN, "completion_tokens", 10, "total_tokens", TOKENS_IN + 10));
    }
    chunk.put("choices", List.of(choice));
    return ("data: " + JSON.writeValueAsString(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
