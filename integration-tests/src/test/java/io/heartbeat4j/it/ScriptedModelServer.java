package io.heartbeat4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A model on loopback that speaks the providers' APIs and follows scripts: each request whose thread has the title of an
 * issue in it is answered by the next call of that script, and with words when there is none left.
 */
final class ScriptedModelServer implements AutoCloseable {

  /** What every answer says that it took. */
  static final int TOKENS_IN = 2000;
  static final int TOKENS_OUT = 10;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, ?> SILENCE = Map.of();
  private static final String SEARCH = "tool_search|ToolSearch";
  private static final String CALL = "tool_call";

  private final HttpServer server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Deque<Map<String, ?>>> scripts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> last = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> silent = new ConcurrentHashMap<>();
  private final AtomicInteger replies = new AtomicInteger();

  private ScriptedModelServer(HttpServer server) {
    this.server = server;
  }

  static ScriptedModelServer start() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ScriptedModelServer model = new ScriptedModelServer(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    for (ModelApi api : ModelApi.values()) {
      server.createContext(api.path(), exchange -> model.answer(exchange, api));
    }
    server.start();
    return model;
  }

  /** Without the version that stands before every path. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The llm worker's setting {@code model}, as a variable. */
  String modelSetting() throws IOException {
    return JSON.writeValueAsString(Map.of("provider", "openai", "name", "scripted", "api-key", "a-key-for-the-script",
        "base-url", url() + "/v1"));
  }

  /** What the model does next on an issue: in each answer one call of a tool. */
  @SafeVarargs
  final ScriptedModelServer on(String title, Map<String, ?>... calls) {
    Deque<Map<String, ?>> script = scripts.computeIfAbsent(title, first -> new ConcurrentLinkedDeque<>());
    for (Map<String, ?> call : calls) {
      script.add(call);
    }
    return this;
  }

  static Map<String, ?> toolCall(String tool, Map<String, ?> arguments) {
    return Map.of("name", tool, "arguments", arguments);
  }

  /** No answer, until the server is closed. */
  static Map<String, ?> silence() {
    return SILENCE;
  }

  /** How many answers an issue has had, each of {@link #TOKENS_IN} and {@link #TOKENS_OUT}. */
  int answers(String title) {
    return answers.getOrDefault(title, new AtomicInteger()).get();
  }

  /** How many requests wait in silence. */
  int silent(String title) {
    return silent.getOrDefault(title, new AtomicInteger()).get();
  }

  /** The last request about an issue. */
  JsonNode lastRequest(String title) {
    return last.getOrDefault(title, JSON.createObjectNode());
  }

  private void answer(HttpExchange exchange, ModelApi api) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(api.path())) { // such as Anthropic's count of tokens
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      Optional<ModelApi.Reply> reply = reply(request);
      if (reply.isEmpty()) {
        closed.await();
        return;
      }
      boolean stream = request.path("stream").asBoolean();
      byte[] body = api.write(reply.get(), stream).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", stream ? "text/event-stream" : "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty for silence. */
  private synchronized Optional<ModelApi.Reply> reply(JsonNode request) {
    String id = "call_" + replies.incrementAndGet();
    String model = request.path("model").asText("scripted");
    List<ModelApi.Offered> tools = ModelApi.tools(request);
    String thread = request.toString();
    Optional<String> title = scripts.keySet().stream().filter(thread::contains).findFirst();
    Optional<Deque<Map<String, ?>>> script = title.map(scripts::get);
    Optional<Map<String, ?>> call = tools.isEmpty() ? Optional.empty() : script.map(Deque::peek);
    title.ifPresent(named -> last.put(named, request));
    if (call.filter(SILENCE::equals).isPresent()) {
      script.get().remove();
      silent.computeIfAbsent(title.get(), first -> new AtomicInteger()).incrementAndGet();
      return Optional.empty();
    }
    title.ifPresent(named -> answers.computeIfAbsent(named, first -> new AtomicInteger()).incrementAndGet());
    if (call.isEmpty()) {
      return Optional.of(new ModelApi.Reply(id, model, "", "", "", "All is said.", TOKENS_IN, TOKENS_OUT));
    }
    String tool = String.valueOf(call.get().get("name"));
    Optional<ModelApi.Offered> offered = tools.stream()
        .filter(each -> each.name().equals(tool) || each.name().endsWith("_" + tool)).findFirst();
    if (offered.isEmpty()) {
      Optional<ModelApi.Reply> detour = detour(id, model, request, tool, tools, call.get().get("arguments"));
      if (detour.isPresent()) {
        if (!detour.get().tool().matches(SEARCH)) {
          script.get().remove();
        }
        return detour;
      }
    }
    script.get().remove();
    return Optional.of(new ModelApi.Reply(id, model, offered.map(ModelApi.Offered::name).orElse(tool),
        offered.map(ModelApi.Offered::namespace).orElse(""),
        ModelApi.json(Objects.requireNonNullElse(call.get().get("arguments"), Map.of())), "", TOKENS_IN, TOKENS_OUT));
  }

  /** Some programs show a tool only when it is looked for, and Qwen Code has it called through another one then. */
  private static Optional<ModelApi.Reply> detour(String id, String model, JsonNode request, String tool,
      List<ModelApi.Offered> tools, @Nullable Object arguments) {
    String name = "mcp__heartbeat__" + tool;
    String latest = ModelApi.latest(request);
    boolean isFound = latest.contains(name) && !latest.contains("Not found");
    String through = isFound ? CALL : SEARCH;
    return tools.stream().map(ModelApi.Offered::name).filter(each -> each.matches(through)).findFirst()
        .map(each -> new ModelApi.Reply(id, model, each, "", ModelApi.json(isFound
            ? Map.of("name", name, "arguments", Objects.requireNonNull(arguments))
            : Map.of("query", "select:" + name, "max_results", 5)), "", TOKENS_IN, TOKENS_OUT));
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
