package io.heartbeat4j.cli.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.SeededCompany;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The board of the session's company, which has one agent and its manager. */
final class Board {

  private final EmbeddedBoard server;
  private final Clock clock;
  private final SeededCompany company;

  private Board(EmbeddedBoard server, Clock clock, SeededCompany company) {
    this.server = server;
    this.clock = clock;
    this.company = company;
  }

  /** Creates the company. The manager is paused, so that what goes to it waits for the author. */
  static Future<Board> create(EmbeddedPaperclip paperclip, Clock clock, String agentName) {
    EmbeddedBoard board = paperclip.board();
    return SeededCompany.create(board, "Development", agentName, Map.of())
        .map(company -> new Board(board, clock, company));
  }

  String agent() {
    return company.agent();
  }

  EmbeddedBoard server() {
    return server;
  }

  /** The agent, the pending approvals, and all issues. */
  Future<JsonNode> overview() {
    Future<JsonNode> self = server.readAgent(company.agent());
    Future<JsonNode> approvals = server.read("/api/companies/" + company.id() + "/approvals");
    Future<JsonNode> issues = server.read("/api/companies/" + company.id() + "/issues?limit=500");
    return Future.all(self, approvals, issues).map(all -> object()
        .<ObjectNode>set("agent", self.result()).<ObjectNode>set("approvals", approvals.result())
        .set("issues", issues.result()));
  }

  /** An issue with all that belongs to it. */
  Future<JsonNode> issue(String id) {
    String path = "/api/issues/" + id;
    Future<JsonNode> issue = server.readIssue(id);
    Future<JsonNode> comments = server.comments(id);
    Future<JsonNode> cards = server.interactions(id);
    Future<JsonNode> holds = server.read(path + "/tree-holds");
    Future<JsonNode> documents = server.read(path + "/documents");
    Future<JsonNode> subtasks = server.read("/api/companies/" + company.id() + "/issues?parentId=" + id);
    Future<JsonNode> costs = server.read("/api/companies/" + company.id() + "/cost-events")
        .map(all -> costsOf(all, id));
    return Future.all(List.of(issue, comments, cards, holds, documents, subtasks, costs)).map(all -> object()
        .<ObjectNode>set("issue", issue.result()).<ObjectNode>set("comments", comments.result())
        .<ObjectNode>set("cards", cards.result()).<ObjectNode>set("holds", holds.result())
        .<ObjectNode>set("documents", documents.result()).<ObjectNode>set("subtasks", subtasks.result())
        .set("costs", costs.result()));
  }

  private static ArrayNode costsOf(JsonNode events, String issue) {
    ArrayNode own = JsonNodeFactory.instance.arrayNode();
    events.forEach(event -> {
      if (event.path("issueId").asText().equals(issue)) {
        own.add(event);
      }
    });
    return own;
  }

  /** Creates an issue of the agent, which wakes it. */
  Future<JsonNode> createIssue(String title, String description) {
    return server.createIssue(company.id(), title,
        Map.of("description", description, "status", "todo", "assigneeAgentId", company.agent(), "goalId",
            company.goal()));
  }

  /** Releases all holds on the issue. */
  Future<JsonNode> release(String issue) {
    return server.read("/api/issues/" + issue + "/tree-holds").compose(holds -> {
      Future<JsonNode> released = Future.succeededFuture(object());
      for (JsonNode hold : holds) {
        released = released.compose(before -> server.resumeIssueTree(issue, id(hold)));
      }
      return released;
    });
  }

  /** Uses the agent's budget up, which pauses it. */
  Future<JsonNode> useUpBudget() {
    ObjectNode cost = object().put("agentId", company.agent()).put("provider", "heartbeat-dev").put("model", "none")
        .put("costCents", 1).put("occurredAt", clock.instant().toString());
    return server.request("POST", "/api/companies/" + company.id() + "/cost-events", cost)
        .compose(spent -> server.readAgent(company.agent()))
        .compose(self -> server.setBudget(company.agent(), self.path("spentMonthlyCents").asLong()));
  }

  /** Takes the limit off the agent's budget, which ends the pause. */
  Future<JsonNode> liftBudget() {
    return server.setBudget(company.agent(), 0);
  }

  static String id(JsonNode entity) {
    return entity.path("id").asText();
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
