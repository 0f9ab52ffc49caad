package io.heartbeat4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A Paperclip server as its board uses it: with a board key, or without any on a server in the mode {@code local_trusted}.
 * Every failure is a {@link CommandFailure}.
 */
final class BoardSession {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ServerUrl server;
  private final Optional<String> key;
  // the server takes an offer of HTTP/2 for a WebSocket and closes the connection
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private BoardSession(ServerUrl server, Optional<String> key) {
    this.server = server;
    this.key = key;
  }

  static BoardSession open(ServerUrl server, Optional<String> key) {
    return new BoardSession(server, key);
  }

  ServerUrl server() {
    return server;
  }

  /** Whether the server takes this session for the board's. */
  boolean isBoard() {
    int status = send("GET", "/adapters", Optional.empty()).statusCode();
    return status != 401 && status != 403;
  }

  JsonNode get(String path) {
    return read("GET", path, send("GET", path, Optional.empty()));
  }

  /** Empty if the server knows nothing of that name. */
  Optional<JsonNode> find(String path) {
    HttpResponse<String> response = send("GET", path, Optional.empty());
    return response.statusCode() == 404 ? Optional.empty() : Optional.of(read("GET", path, response));
  }

  JsonNode post(String path, Object body) {
    return read("POST", path, send("POST", path, Optional.of(body)));
  }

  JsonNode delete(String path) {
    return read("DELETE", path, send("DELETE", path, Optional.empty()));
  }

  private HttpResponse<String> send(String method, String path, Optional<Object> body) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/api" + path)).timeout(LIMIT)
          .header("content-type", "application/json")
          .method(method, body.isEmpty() ? BodyPublishers.noBody()
              : BodyPublishers.ofString(ProtocolJson.mapper().writeValueAsString(body.get())));
      key.ifPresent(secret -> request.header("authorization", "Bearer " + secret));
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new CommandFailure(ExitCode.SERVER, "the Paperclip server at " + server + " can't be reached: "
          + Optional.ofNullable(failure.getMessage()).orElse(failure.getClass().getSimpleName()));
    } catch (IllegalArgumentException malformed) {
      throw new CommandFailure(ExitCode.USAGE, "the key is not one: it has characters that no key has");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.SERVER, "interrupted while the server at " + server + " was asked");
    }
  }

  private JsonNode read(String method, String path, HttpResponse<String> response) {
    JsonNode answer = parse(response.body());
    int status = response.statusCode();
    if (status < 300 && !answer.isMissingNode()) {
      return answer;
    }
    String told = answer.path("error").asText("it answered " + status);
    throw switch (status) {
      case 401, 403 ->
        new CommandFailure(ExitCode.NOT_ALLOWED, "the server at " + server + " refuses " + method + " /api"
            + path + ": " + told + "; it needs a board key of an instance admin (--key-file)");
      default ->
        new CommandFailure(ExitCode.SERVER, "the server at " + server + " did not do " + method + " /api" + path
            + ": " + told);
    };
  }

  private static JsonNode parse(String body) {
    try {
      return ProtocolJson.mapper().readTree(body);
    } catch (JsonProcessingException noJson) {
      return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
  }

  /** The companies that the session may see. */
  List<JsonNode> companies() {
    return list(get("/companies"));
  }

  /** The agents of all companies that have this adapter. */
  List<AdapterAgent> agentsWith(String adapter) {
    return companies().stream().flatMap(company -> list(get("/companies/" + company.path("id").asText() + "/agents"))
        .stream().filter(agent -> agent.path("adapterType").asText().equals(adapter))
        .map(agent -> new AdapterAgent(agent.path("name").asText(), company.path("name").asText(),
            agent.path("adapterConfig"))))
        .toList();
  }

  /** An agent and what its adapter is told. */
  record AdapterAgent(String name, String company, JsonNode configuration) {}

  private static List<JsonNode> list(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false).toList();
  }
}
