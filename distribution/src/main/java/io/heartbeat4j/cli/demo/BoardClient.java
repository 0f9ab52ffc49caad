package io.heartbeat4j.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Acts as the board of a Paperclip server, over HTTP. A local server treats requests without a token as the board's. */
public final class BoardClient {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String company;

  private BoardClient(String url, String name) {
    this.url = url;
    this.company = call("POST", url + "/api/companies", Map.of("name", name)).path("id").asText();
  }

  public static BoardClient createCompany(String url, String name) {
    return new BoardClient(url, name);
  }

  public String company() {
    return company;
  }

  public String url() {
    return url;
  }

  public JsonNode get(String path) {
    return call("GET", url + "/api" + path, null);
  }

  public JsonNode post(String path, Object body) {
    return call("POST", url + "/api" + path, body);
  }

  public JsonNode put(String path, Object body) {
    return call("PUT", url + "/api" + path, body);
  }

  public JsonNode patch(String path, Object body) {
    return call("PATCH", url + "/api" + path, body);
  }

  public String createGoal(String title) {
    return post("/companies/" + company + "/goals", Map.of("title", title, "level", "company", "status", "active"))
        .path("id").asText();
  }

  public String createAgent(String name, Map<String, Object> adapter, String... manager) {
    Map<String, Object> agent = new LinkedHashMap<>();
    agent.put("name", name);
    agent.put("role", manager.length == 0 ? "ceo" : "engineer");
    if (manager.length > 0) {
      agent.put("reportsTo", manager[0]);
    }
    agent.put("adapterType", "process");
    agent.put("adapterConfig", adapter);
    return post("/companies/" + company + "/agents", agent).path("id").asText();
  }

  public String createIssue(Map<String, Object> issue) {
    return post("/companies/" + company + "/issues", issue).path("id").asText();
  }

  /** Creates an assigned todo issue, which wakes the agent. */
  public String createAssignedIssue(String title, String agent) {
    return createIssue(Map.of("title", title, "status", "todo", "assigneeAgentId", agent));
  }

  public JsonNode issue(String issue) {
    return get("/issues/" + issue);
  }

  public String issueStatus(String issue) {
    return issue(issue).path("status").asText();
  }

  public List<JsonNode> comments(String issue) {
    return toList(get("/issues/" + issue + "/comments?order=asc"));
  }

  public List<JsonNode> agentComments(String issue) {
    return comments(issue).stream().filter(comment -> comment.path("authorType").asText().equals("agent")).toList();
  }

  public List<JsonNode> interactions(String issue) {
    return toList(get("/issues/" + issue + "/interactions"));
  }

  /** The agent's runs, the newest first. */
  public List<JsonNode> runs(String agent) {
    return toList(get("/companies/" + company + "/heartbeat-runs?agentId=" + agent));
  }

  public String runLog(String run) {
    return get("/heartbeat-runs/" + run).path("stdoutExcerpt").asText();
  }

  public static List<JsonNode> toList(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false).toList();
  }

  private JsonNode call(String method, String to, @org.jspecify.annotations.Nullable Object body) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(to))
          .timeout(PATIENCE)
          .header("content-type", "application/json")
          .method(method, body == null
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
          .build();
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(method + " " + to + " answered " + response.statusCode() + ": " + answer);
      }
      return answer;
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
