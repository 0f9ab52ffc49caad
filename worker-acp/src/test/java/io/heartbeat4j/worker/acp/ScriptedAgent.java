package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that speaks the Agent Client Protocol and does what a script says, in a process of its own. The script's
 * first line is its options, then each line is a step, and {@code ---} ends a turn. What it is sent goes to a log, and
 * the number of turns is kept, so that a session goes on in the next process.
 */
final class ScriptedAgent {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final List<String> options;
  private final List<String> turns;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();
  private JsonNode mcp = JSON.createArrayNode();
  private String session = "";
  private volatile Thread turn = Thread.currentThread();

  private ScriptedAgent(Path directory) throws IOException {
    this.directory = directory;
    List<String> lines = Files.readAllLines(directory.resolve("script"));
    this.options = List.of(lines.get(0).split(" "));
    this.turns = List.of(String.join("\n", lines.subList(1, lines.size())).split("\n---\n"));
  }

  public static void main(String[] arguments) throws Exception {
    new ScriptedAgent(Path.of(arguments[0])).run();
  }

  private void run() throws Exception {
    Files.writeString(directory.resolve("pids"), ProcessHandle.current().pid() + "\n", StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    if (options.contains("silent")) {
      out.println("usage: agent FILE");
      Thread.sleep(Long.MAX_VALUE);
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode message = JSON.readTree(line);
      log(message);
      if (!message.has("method")) {
        Objects.requireNonNull(asked.remove(message.path("id").asInt())).complete(message);
      } else if (message.path("method").asText().equals("session/prompt")) {
        turn = new Thread(() -> prompt(message));
        turn.start();
      } else if (message.path("method").asText().equals("session/cancel")) {
        turn.interrupt();
      } else {
        request(message);
      }
    }
  }

  private synchronized void log(JsonNode message) throws IOException {
    Files.writeString(directory.resolve("log"), message + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Programs ask which tools there are when the session is opened. */
  private void connect(JsonNode message) throws Exception {
    mcp = message.path("params").path("mcpServers");
    if (!mcp.isEmpty() && !options.contains("unlisted")) {
      post(HttpClient.newHttpClient(), "tools/list", JSON.createObjectNode());
    }
  }

  private void request(JsonNode message) throws Exception {
    String method = message.path("method").asText();
    ObjectNode result = JSON.createObjectNode();
    switch (method) {
      case "initialize" -> {
        result.put("protocolVersion", options.contains("old") ? 0 : 1);
        ObjectNode can = result.putObject("agentCapabilities").put("loadSession", options.contains("loads"));
        can.putObject("mcpCapabilities").put("http", !options.contains("nohttp"));
        if (options.contains("resumes")) {
          can.putObject("sessionCapabilities").putObject("resume");
        }
        result.putObject("agentInfo").put("name", "scripted").put("version", "1");
      }
      case "session/new" -> {
        if (options.contains("login")) {
          error(message, -32000, "Authentication required");
          return;
        }
        if (options.contains("root")) {
          error(message, -32603, "Internal error: bypass_root");
          return;
        }
        connect(message);
        session = "session-" + ProcessHandle.current().pid();
        result.put("sessionId", session);
      }
      case "session/load" -> {
        if (options.contains("forgets")) {
          error(message, -32002, "Resource not found");
          return;
        }
        connect(message);
        session = message.path("params").path("sessionId").asText();
        update(session, "agent_message_chunk", Map.of("content", Map.of("type", "text", "text", "REPLAYED")));
      }
      default -> {
        error(message, -32601, "no method " + method);
        return;
      }
    }
    send(JSON.createObjectNode().<ObjectNode>set("id", message.path("id")).set("result", result));
  }

  private void error(JsonNode message, int code, String words) {
    ObjectNode answer = JSON.createObjectNode();
    answer.set("id", message.path("id"));
    answer.putObject("error").put("code", code).put("message", words);
    send(answer);
  }

  private synchronized void send(JsonNode message) {
    ((ObjectNode) message).put("jsonrpc", "2.0");
    out.println(message);
  }

  private void update(String id, String kind, Map<String, ?> fields) {
    ObjectNode message = JSON.createObjectNode().put("method", "session/update");
    ObjectNode update = message.putObject("params").put("sessionId", id).putObject("update")
        .put("sessionUpdate", kind);
    fields.forEach((name, value) -> update.set(name, JSON.valueToTree(value)));
    send(message);
  }

  private JsonNode ask(String method, ObjectNode params) throws Exception {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    send(JSON.createObjectNode().put("id", id).put("method", method).set("params", params));
    return answer.get();
  }

  private void prompt(JsonNode message) {
    ObjectNode result = JSON.createObjectNode().put("stopReason", "end_turn");
    try {
      Path count = directory.resolve("turns");
      int number = Files.exists(count) ? Integer.parseInt(Files.readString(count)) : 0;
      Files.writeString(count, Integer.toString(number + 1));
      for (String step : turns.get(number).split("\n")) {
        String[] words = step.strip().split(" ", 3);
        if (words[0].equals("fail")) {
          error(message, Integer.parseInt(words[1]), words[2]);
          return;
        }
        if (words[0].equals("usage")) {
          result.set("usage", JSON.readTree(step.substring(6)));
        } else if (!step(words[0], words.length > 1 ? words[1] : "", words.length > 2 ? words[2] : "")) {
          break;
        }
      }
    } catch (InterruptedException cancelled) {
      result.put("stopReason", "cancelled");
    } catch (Exception broken) {
      error(message, -32603, String.valueOf(broken));
      return;
    }
    send(JSON.createObjectNode().<ObjectNode>set("id", message.path("id")).set("result", result));
  }

  /** Does one step; false where the rest of the turn is left out. */
  private boolean step(String what, String first, String rest) throws Exception {
    switch (what) {
      case "say" -> update(session, "agent_message_chunk",
          Map.of("content", Map.of("type", "text", "text", (first + " " + rest).replace("\\n", "\n"))));
      case "update" ->
        update(session, first, JSON.readValue(rest, new com.fasterxml.jackson.core.type.TypeReference<>() {
        }));
      case "foreign" -> update("another", "agent_message_chunk",
          Map.of("content", Map.of("type", "text", "text", "FOREIGN")));
      case "write" -> {
        update(session, "tool_call", Map.of("toolCallId", "1", "title", "write " + first, "kind", "edit",
            "status", "completed"));
        JsonNode answer = ask("fs/write_text_file",
            JSON.createObjectNode().put("sessionId", session).put("path", first).put("content", rest));
        if (answer.has("error")) {
          step("say", answer.path("error").path("message").asText(), "");
        }
      }
      case "request" -> {
        JsonNode answer = ask(first, JSON.createObjectNode().put("sessionId", rest.isEmpty() ? session : rest));
        step("say", "code", answer.path("error").path("code").asText());
      }
      case "run" -> {
        ObjectNode params = JSON.createObjectNode().put("sessionId", session);
        ObjectNode call = params.putObject("toolCall").put("toolCallId", "1").put("kind", "execute").put("title", "x");
        call.putObject("rawInput").put("command", first + " " + rest);
        params.putArray("options")
            .add(JSON.createObjectNode().put("optionId", "always").put("kind", "allow_always"))
            .add(JSON.createObjectNode().put("optionId", "yes").put("kind", "allow_once"))
            .add(JSON.createObjectNode().put("optionId", "no").put("kind", "reject_once"));
        JsonNode outcome = ask("session/request_permission", params).path("result").path("outcome");
        if (outcome.path("outcome").asText().equals("cancelled")) {
          Thread.sleep(Long.MAX_VALUE);
        }
        if (outcome.path("optionId").asText().equals("yes")) {
          new ProcessBuilder("sh", "-c", first + " " + rest).start().waitFor();
          update(session, "tool_call", Map.of("toolCallId", "2", "title", "ran", "kind", "execute",
              "status", "completed"));
        }
      }
      case "tool" -> step("say", mcp(first, rest), "");
      case "raw" -> out.println(first + " " + rest);
      case "error" -> System.err.println(first + " " + rest);
      case "line" -> {
        byte[] piece = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < Integer.parseInt(first); i++) {
          System.out.write(piece);
        }
        System.out.println();
      }
      case "chunks" -> {
        for (int i = 0; i < Integer.parseInt(first); i++) {
          step("say", "x".repeat(100_000), "");
        }
      }
      case "child" -> {
        Process child = new ProcessBuilder("setsid", "sh", "-c", "trap '' TERM; while :; do sleep 1; done")
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
        Files.writeString(directory.resolve("pids"), child.pid() + "\n", StandardOpenOption.APPEND);
      }
      case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(first));
      case "hang" -> Thread.sleep(Long.MAX_VALUE);
      case "deaf" -> {
        try {
          Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException ignored) {
          Thread.sleep(Long.MAX_VALUE);
        }
      }
      case "end" -> {
        return false;
      }
      default -> throw new IllegalArgumentException(what);
    }
    return true;
  }

  /** Calls a tool of the first MCP server, and returns what it says. */
  private String mcp(String tool, String arguments) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    post(http, "initialize", JSON.createObjectNode().put("protocolVersion", "2025-06-18"));
    ObjectNode call = JSON.createObjectNode().put("name", tool);
    call.set("arguments", JSON.readTree(arguments));
    JsonNode result = post(http, "tools/call", call).path("result");
    return (result.path("isError").asBoolean() ? "ERROR " : "") + result.path("content").path(0).path("text").asText();
  }

  private JsonNode post(HttpClient http, String method, JsonNode params) throws Exception {
    JsonNode server = mcp.path(0);
    ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
    message.set("params", params);
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.path("url").asText()))
        .header("Content-Type", "application/json").header("Accept", "application/json, text/event-stream");
    server.path("headers").forEach(header -> request.header(header.path("name").asText(),
        header.path("value").asText()));
    return JSON.readTree(http.send(request.POST(HttpRequest.BodyPublishers.ofString(message.toString())).build(),
        HttpResponse.BodyHandlers.ofString()).body());
  }
}
