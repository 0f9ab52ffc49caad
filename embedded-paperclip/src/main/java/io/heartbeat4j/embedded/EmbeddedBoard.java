package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.embedded.rules.PaperclipApiHandler;
import io.heartbeat4j.embedded.rules.ServerRequest;
import io.heartbeat4j.embedded.rules.ServerResponse;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The board: seeds a world, acts in it as people do, and looks at it. The same acts as the board's HTTP
 * routes, without sockets. Thread-safe on an {@link EmbeddedPaperclip}; over bare rules it belongs to
 * their thread. Futures fail with {@link BoardRequestException} when the server refuses.
 *
 * <p>Where a method takes further fields, they are those of the route's body, for example {@code
 * Map.of("status", "todo", "priority", "high")}.
 */
public final class EmbeddedBoard {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Function<ServerRequest, Future<ServerResponse>> api;

  EmbeddedBoard(Function<ServerRequest, Future<ServerResponse>> rules) {
    this.api = rules;
  }

  /** The board of a world without a server. */
  public static EmbeddedBoard overApi(PaperclipApiHandler rules) {
    return new EmbeddedBoard(rules::handle);
  }

  /** Any act: a method, a target such as {@code /api/issues/ACM-1}, and a body. */
  public Future<JsonNode> request(String method, String target, JsonNode body) {
    return api
        .apply(ServerRequest.of(method, target).withJsonBody(body))
        .compose(
            serverResponse -> serverResponse.status() < 400
                ? Future.succeededFuture(serverResponse.body())
                : Future.failedFuture(
                    new BoardRequestException(method + " " + target, serverResponse.status(), serverResponse.body())));
  }

  /** Reads a target such as {@code /api/issues/ACM-1}. */
  public Future<JsonNode> read(String target) {
    return request("GET", target, object());
  }

  /** A new company. */
  public Future<JsonNode> createCompany(String name) {
    return request("POST", "/api/companies", object().put("name", name));
  }

  /** A new agent that runs in this JVM, once a target is set for it, or as the further fields say. */
  public Future<JsonNode> createAgent(String companyId, String name, Map<String, ?> more) {
    ObjectNode body = object().put("name", name).put("role", "engineer").put("adapterType", "process");
    return request("POST", "/api/companies/" + companyId + "/agents", withFields(body, more));
  }

  /** A long-lived key of the agent: the token itself. */
  public Future<String> createKey(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/keys", object().put("name", "key"))
        .map(answer -> answer.path("token").asText());
  }

  /** From now on no key that the agent has had is taken. */
  public Future<Void> revokeKeys(String agentId) {
    String keys = "/api/agents/" + agentId + "/keys";
    return read(keys).compose(all -> {
      List<Future<JsonNode>> revoked = new ArrayList<>();
      all.forEach(key -> revoked.add(request("DELETE", keys + "/" + key.path("id").asText(), object())));
      return Future.all(revoked).mapEmpty();
    });
  }

  /** A new active goal of the company. */
  public Future<JsonNode> createGoal(String companyId, String title) {
    ObjectNode body = object().put("title", title).put("level", "company").put("status", "active");
    return request("POST", "/api/companies/" + companyId + "/goals", body);
  }

  /** A new issue. */
  public Future<JsonNode> createIssue(String companyId, String title, Map<String, ?> more) {
    return request("POST", "/api/companies/" + companyId + "/issues", withFields(object().put("title", title), more));
  }

  /** Changes fields of an issue. */
  public Future<JsonNode> updateIssue(String issueId, Map<String, ?> fields) {
    return request("PATCH", "/api/issues/" + issueId, withFields(object(), fields));
  }

  /** Writes a comment. */
  public Future<JsonNode> addComment(String issueId, String body) {
    return request("POST", "/api/issues/" + issueId + "/comments", object().put("body", body));
  }

  /** The issue in full. */
  public Future<JsonNode> readIssue(String issueId) {
    return read("/api/issues/" + issueId);
  }

  /** The comments of an issue, oldest first. */
  public Future<JsonNode> comments(String issueId) {
    return read("/api/issues/" + issueId + "/comments?order=asc");
  }

  /** The cards of an issue. */
  public Future<JsonNode> interactions(String issueId) {
    return read("/api/issues/" + issueId + "/interactions");
  }

  /** Accepts a card. */
  public Future<JsonNode> acceptInteraction(String issueId, String interactionId) {
    return request("POST", "/api/issues/" + issueId + "/interactions/" + interactionId + "/accept", object());
  }

  /** Rejects a card. */
  public Future<JsonNode> rejectInteraction(String issueId, String interactionId, String reason) {
    ObjectNode body = object().put("reason", reason);
    return request("POST", "/api/issues/" + issueId + "/interactions/" + interactionId + "/reject", body);
  }

  /** Answers the questions of a card: {@code {answers: [{questionId, optionIds}]}}. */
  public Future<JsonNode> answerInteraction(String issueId, String interactionId, JsonNode body) {
    return request("POST", "/api/issues/" + issueId + "/interactions/" + interactionId + "/respond", body);
  }

  /** The approvals of a company. */
  public Future<JsonNode> approvals(String companyId) {
    return read("/api/companies/" + companyId + "/approvals");
  }

  /** Decides an approval: {@code approve}, {@code reject} or {@code request-revision}. */
  public Future<JsonNode> decideApproval(String approvalId, String decision, String note) {
    return request("POST", "/api/approvals/" + approvalId + "/" + decision, object().put("decisionNote", note));
  }

  /** The agent as it sees itself. */
  public Future<JsonNode> readAgent(String agentId) {
    return read("/api/agents/" + agentId);
  }

  /** Pauses an agent; its runs are stopped. */
  public Future<JsonNode> pauseAgent(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/pause", object());
  }

  /** Ends a pause. */
  public Future<JsonNode> resumeAgent(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/resume", object());
  }

  /** Ends an agent for good; its keys are revoked. */
  public Future<JsonNode> terminateAgent(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/terminate", object());
  }

  /** Wakes an agent without a task: the run it starts is unscoped. */
  public Future<JsonNode> invokeHeartbeat(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/heartbeat/invoke", object());
  }

  /** Wakes an agent for an issue, with a reason of one's own. */
  public Future<JsonNode> wakeAgent(String agentId, String reason, String issueId) {
    ObjectNode body = object().put("source", "on_demand").put("triggerDetail", "manual").put("reason", reason);
    body.putObject("payload").put("issueId", issueId);
    return request("POST", "/api/agents/" + agentId + "/wakeup", body);
  }

  /** Pauses an issue and everything below it. */
  public Future<JsonNode> pauseIssueTree(String issueId, String reason) {
    ObjectNode body = object().put("mode", "pause").put("reason", reason);
    return request("POST", "/api/issues/" + issueId + "/tree-holds", body).map(answer -> answer.path("hold"));
  }

  /** Ends such a pause. */
  public Future<JsonNode> resumeIssueTree(String issueId, String holdId) {
    return request("POST", "/api/issues/" + issueId + "/tree-holds/" + holdId + "/release", object());
  }

  /** The runs of an agent, newest first. */
  public Future<JsonNode> runs(String companyId, String agentId) {
    return read("/api/companies/" + companyId + "/heartbeat-runs?agentId=" + agentId);
  }

  /** One run. */
  public Future<JsonNode> readRun(String runId) {
    return read("/api/heartbeat-runs/" + runId);
  }

  /** Stops a run; completes when it is gone. */
  public Future<JsonNode> cancelRun(String runId) {
    return request("POST", "/api/heartbeat-runs/" + runId + "/cancel", object());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode withFields(ObjectNode body, Map<String, ?> more) {
    more.forEach((name, value) -> body.set(name, MAPPER.valueToTree(value)));
    return body;
  }
}
