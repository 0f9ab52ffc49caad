package io.heartbeat4j.worker.acp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * An MCP server (streamable HTTP, without sessions) on loopback, for all runs of a worker. The token of a request says
 * which run it is of; without one that is known there is no answer but 401. Thread-safe.
 */
public final class McpServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> VERSIONS = Set.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
  private static final String USUAL_VERSION = "2025-06-18";
  private static final int MOST_BYTES = 1_000_000;
  private static final String BEARER = "Bearer ";

  private final HttpServer server;
  private final RandomGenerator random;
  private final Map<String, Offer> runs = new ConcurrentHashMap<>();

  /** The tools of a run, and whether the program has asked which they are. */
  private record Offer(McpTools tools, CountDownLatch listed) {}

  private McpServer(HttpServer server, RandomGenerator random) {
    this.server = server;
    this.random = random;
  }

  /**
   * Listens on a free port.
   *
   * @param random for the tokens: one that can't be guessed
   */
  public static McpServer start(RandomGenerator random) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    McpServer server = new McpServer(http, random);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/mcp", server::handle);
    http.start();
    return server;
  }

  /** Offers tools until the result is closed. */
  public Endpoint offer(McpTools tools) {
    String token = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong())
        + Long.toHexString(random.nextLong());
    Offer offer = new Offer(tools, new CountDownLatch(1));
    runs.put(token, offer);
    return new Endpoint("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp", token, offer.listed(),
        () -> runs.remove(token));
  }

  /** Where the tools of a run are. */
  public record Endpoint(String url, String token, CountDownLatch listed, Runnable ended) implements AutoCloseable {

    /** Whether the program has asked for the list of tools. */
    public boolean isListed() {
      return listed.getCount() == 0;
    }

    /** Waits for that, no longer than the limit: programs connect beside the opening of a session. */
    public boolean awaitListed(Duration limit) throws InterruptedException {
      return listed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As an element of the protocol's {@code mcpServers}. */
    public ObjectNode toJson(String name) {
      ObjectNode json = JSON.createObjectNode().put("type", "http").put("name", name).put("url", url);
      json.putArray("headers").addObject().put("name", "Authorization").put("value", BEARER + token);
      return json;
    }

    @Override
    public void close() {
      ended.run();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
      Offer offer = authorization.startsWith(BEARER) ? runs.get(authorization.substring(BEARER.length())) : null;
      if (offer == null || exchange.getRequestHeaders().containsKey("Origin")) {
        exchange.sendResponseHeaders(401, -1);
      } else if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
      } else {
        answer(exchange, offer);
      }
    }
  }

  private static void answer(HttpExchange exchange, Offer offer) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      exchange.sendResponseHeaders(413, -1);
      return;
    }
    JsonNode request;
    try {
      request = JSON.readTree(body);
    } catch (IOException malformed) {
      exchange.sendResponseHeaders(400, -1);
      return;
    }
    if (!request.hasNonNull("id") || !request.hasNonNull("method")) {
      exchange.sendResponseHeaders(202, -1);
      return;
    }
    ObjectNode response = JSON.createObjectNode().put("jsonrpc", "2.0");
    response.set("id", request.path("id"));
    respond(response, request.path("method").asText(), request.path("params"), offer);
    byte[] bytes = JSON.writeValueAsBytes(response);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void respond(ObjectNode response, String method, JsonNode params, Offer offer) {
    switch (method) {
      case "initialize" -> initialize(response.putObject("result"), params.path("protocolVersion").asText());
      case "ping" -> response.putObject("result");
      case "tools/list" -> {
        var list = response.putObject("result").putArray("tools");
        offer.tools().tools()
            .forEach(tool -> list.addObject().put("name", tool.name()).put("description", tool.description())
                .set("inputSchema", tool.schema()));
        offer.listed().countDown();
      }
      case "tools/call" -> call(response.putObject("result"), params, offer.tools());
      default -> response.putObject("error").put("code", -32601).put("message", "there is no method " + method);
    }
  }

  private static void initialize(ObjectNode result, String version) {
    result.put("protocolVersion", VERSIONS.contains(version) ? version : USUAL_VERSION);
    result.putObject("capabilities").putObject("tools");
    result.putObject("serverInfo").put("name", "heartbeat").put("version", "1");
  }

  private static void call(ObjectNode result, JsonNode params, McpTools tools) {
    String words;
    boolean failed = false;
    try {
      words = tools.call(params.path("name").asText(), params.path("arguments"));
    } catch (ToolCallException | RuntimeException refused) {
      words = String.valueOf(refused.getMessage());
      failed = true;
    }
    result.putArray("content").addObject().put("type", "text").put("text", words);
    result.put("isError", failed);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
