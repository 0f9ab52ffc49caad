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
 * Sends the board's requests to the server without a socket: creates companies, agents and issues, decides cards and
 * approvals, and reads the state. Thread-safe on an {@link EmbeddedPaperclip}; after {@link #overApi} confined to the
 * thread of the handler. Futures fail with {@link BoardRequestException} when the server refuses the request.
 *
 * <p>A map parameter has further fields of the request body, for example {@code Map.of("status", "todo", "priority",
 * "high")}.
 */
public final class EmbeddedBoard {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Function<ServerRequest, Future<ServerResponse>> api;

  EmbeddedBoard(Function<ServerRequest, Future<ServerResponse>> rules) {
    this.api = rules;
  }

  /** A board that calls the handler directly, on the caller's thread. */
  public static EmbeddedBoard overApi(PaperclipApiHandler rules) {
    return new EmbeddedBoard(rules::handle);
  }

  /** Any request: a method, a target such as {@code /api/issues/ACM-1}, and a body. */
  public Future<JsonNode> request(String method, String target, JsonNode body) {
    return api
        .apply(ServerRequest.of(method, target).withJsonBody(body))
        .compose(
            serverResponse -> serverResponse.status() < 400
                ? Future.succeededFuture(serverResponse.body())
                : Future.failedFuture(
                    new BoardRequestException(method + " " + target, serverResponse.status(), serverResponse.body())));
  }

  /** GET of a target such as {@code /api/issues/ACM-1}. */
  public Future<JsonNode> read(String target) {
    return request("GET", target, object());
  }

  /** Creates a company. */
  public Future<JsonNode> createCompany(String name) {
    return request("POST", "/api/companies", object().put("name", name));
  }

  /** Creates an agent with the {@code process} adapter, unless the further fields name another one. */
  public Future<JsonNode> createAgent(String companyId, String name, Map<String, ?> more) {
    ObjectNode body = object().put("name", name).put("role", "engineer").put("adapterType", "process");
    return request("POST", "/api/companies/" + companyId + "/agents", withFields(body, more));
  }

  /** Creates a long-lived key of the agent; returns its token. */
  public Future<String> createKey(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/keys", object().put("name", "key"))
        .map(answer -> answer.path("token").asText());
  }

  /** Revokes all keys of the agent. */
  public Future<Void> revokeKeys(String agentId) {
    String keys = "/api/agents/" + agentId + "/keys";
    return read(keys).compose(all -> {
      List<Future<JsonNode>> revoked = new ArrayList<>();
      all.forEach(key -> revoked.add(request("DELETE", keys + "/" + key.path("id").asText(), object())));
      return Future.all(revoked).mapEmpty();
    });
  }

  /** Creates an active goal of the company. */
  public Future<JsonNode> createGoal(String companyId, String title) {
    ObjectNode body = object().put("title", title).put("level", "company").put("status", "active");
    return request("POST", "/api/companies/" + companyId + "/goals", body);
  }

  /** Creates an issue. */
  public Future<JsonNode> createIssue(String companyId, String title, Map<String, ?> more) {
    return request("POST", "/api/companies/" + companyId + "/issues", withFields(object().put("title", title), more));
  }

  /** Updates fields of an issue. */
  public Future<JsonNode> updateIssue(String issueId, Map<String, ?> fields) {
    return request("PATCH", "/api/issues/" + issueId, withFields(object(), fields));
  }

  /** Adds a comment to an issue. */
  public Future<JsonNode> addComment(String issueId, String body) {
    return request("POST", "/api/issues/" + issueId + "/comments", object().put("body", body));
  }

  /** Reads an issue with all fields. */
  public Future<JsonNode> readIssue(String issueId) {
    return read("/api/issues/" + issueId);
  }

  /** Reads the comments of an issue, oldest first. */
  public Future<JsonNode> comments(String issueId) {
    return read("/api/issues/" + issueId + "/comments?order=asc");
  }

  /** Reads the cards of an issue. */
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

  /** Responds to the questions of a card; the body is {@code {answers: [{questionId, optionIds}]}}. */
  public Future<JsonNode> answerInteraction(String issueId, String interactionId, JsonNode body) {
    return request("POST", "/api/issues/" + issueId + "/interactions/" + interactionId + "/respond", body);
  }

  /** Reads the approvals of a company. */
  public Future<JsonNode> approvals(String companyId) {
    return read("/api/companies/" + companyId + "/approvals");
  }

  /** Decides an approval; the decision is {@code approve}, {@code reject} or {@code request-revision}. */
  public Future<JsonNode> decideApproval(String approvalId, String decision, String note) {
    return request("POST", "/api/approvals/" + approvalId + "/" + decision, object().put("decisionNote", note));
  }

  /** Reads an agent, with its managers and grants. */
  public Future<JsonNode> readAgent(String agentId) {
    return read("/api/agents/" + agentId);
  }

  /** Pauses an agent and stops its runs. */
  public Future<JsonNode> pauseAgent(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/pause", object());
  }

  /** Sets what an agent may spend in a month, in cents; 0 is without a limit. */
  public Future<JsonNode> setBudget(String agentId, long cents) {
    return request("PATCH", "/api/agents/" + agentId + "/budgets", object().put("budgetMonthlyCents", cents));
  }

  /**
   * Resolves the notice of an issue: nothing of a stopped run was done, and the agent goes on. The server refuses it
   * while another agent has the issue.
   */
  public Future<JsonNode> resolveRecovery(String issueId) {
    return readIssue(issueId).compose(issue -> {
      ObjectNode body = object().put("outcome", "restored").put("sourceIssueStatus", "todo");
      JsonNode blocker = issue.path("executionBlocker");
      if (blocker.isObject()) {
        body.set("actionId", blocker.path("recoveryActionId"));
        body.putObject("executionReconciliation").put("runId", blocker.path("runId").asText())
            .put("providerStopped", true).put("actionOutcome", "not_performed")
            .put("outcomeEvidence", "I have looked: nothing of it was done.");
      }
      return request("POST", "/api/issues/" + issueId + "/recovery-actions/resolve", body);
    });
  }

  /** Ends the pause of an agent. */
  public Future<JsonNode> resumeAgent(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/resume", object());
  }

  /** Terminates an agent and revokes its keys. */
  public Future<JsonNode> terminateAgent(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/terminate", object());
  }

  /** Wakes an agent without an issue, which starts an unscoped run. */
  public Future<JsonNode> invokeHeartbeat(String agentId) {
    return request("POST", "/api/agents/" + agentId + "/heartbeat/invoke", object());
  }

  /** Wakes an agent for an issue, with the given reason. */
  public Future<JsonNode> wakeAgent(String agentId, String reason, String issueId) {
    ObjectNode body = object().put("source", "on_demand").put("triggerDetail", "manual").put("reason", reason);
    body.putObject("payload").put("issueId", issueId);
    return request("POST", "/api/agents/" + agentId + "/wakeup", body);
  }

  /** Pauses an issue and its descendants; returns the hold. */
  public Future<JsonNode> pauseIssueTree(String issueId, String reason) {
    ObjectNode body = object().put("mode", "pause").put("reason", reason);
    return request("POST", "/api/issues/" + issueId + "/tree-holds", body).map(answer -> answer.path("hold"));
  }

  /** Releases a hold. */
  public Future<JsonNode> resumeIssueTree(String issueId, String holdId) {
    return request("POST", "/api/issues/" + issueId + "/tree-holds/" + holdId + "/release", object());
  }

  /** Reads the runs of an agent, newest first. */
  public Future<JsonNode> runs(String companyId, String agentId) {
    return read("/api/companies/" + companyId + "/heartbeat-runs?agentId=" + agentId);
  }

  /** Reads a run. */
  public Future<JsonNode> readRun(String runId) {
    return read("/api/heartbeat-runs/" + runId);
  }

  /** Stops a run; completes when the run has ended. */
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
