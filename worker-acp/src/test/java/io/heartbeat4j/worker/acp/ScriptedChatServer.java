package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** A model server of OpenAI's chat API on loopback: it calls the tools of its script in order, and then says a word. */
final class ScriptedChatServer implements AutoCloseable {

  /** One answer: a call of the tool of this name, whatever stands before it. */
  record Call(String tool, String arguments) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  final Deque<Call> calls = new ConcurrentLinkedDeque<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  ScriptedChatServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      requests.add(request.toString());
      ObjectNode choice = JSON.createObjectNode().put("index", 0);
      ObjectNode message = JSON.createObjectNode().put("role", "assistant");
      Call call = request.path("tools").isEmpty() ? null : calls.poll();
      if (call != null && toolName(request, call.tool()).isEmpty()) { // some programs show a tool only when it is looked for
        calls.addFirst(call);
        call = new Call("tool_search", "{\"query\": \"select:mcp__heartbeat__" + call.tool() + "\"}");
      }
      if (call == null) {
        message.put("content", "All is said.");
      } else {
        message.putNull("content");
        ObjectNode function = message.putArray("tool_calls").addObject().put("index", 0)
            .put("id", "call_" + requests.size())
            .put("type", "function").putObject("function");
        function.put("name", toolName(request, call.tool())).put("arguments", call.arguments());
      }
      boolean stream = request.path("stream").asBoolean();
      choice.set(stream ? "delta" : "message", message);
      choice.put("finish_reason", call == null ? "stop" : "tool_calls");
      ObjectNode answer = JSON.createObjectNode().put("id", "a").put("created", 1).put("model", "scripted")
          .put("object", stream ? "chat.completion.chunk" : "chat.completion");
      answer.putArray("choices").add(choice);
      answer.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 10).put("total_tokens", 110);
      byte[] body = (stream ? "data: " + answer + "\n\ndata: [DONE]\n\n" : answer.toString())
          .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", stream ? "text/event-stream" : "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String toolName(JsonNode request, String end) {
    for (JsonNode tool : request.path("tools")) {
      String name = tool.path("function").path("name").asText();
      if (name.equals(end) || name.endsWith("_" + end)) {
        return name;
      }
    }
    return "";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
