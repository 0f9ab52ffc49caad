package io.heartbeat4j.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.trial.IssueFile;
import io.heartbeat4j.cli.trial.TriedIssue;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * A company on an embedded server, with a goal, an agent, and the agent's manager, who is paused and never woken.
 *
 * @param agent the agent that is to work
 */
public record TrialCompany(EmbeddedBoard board, String id, String goal, String manager, String agent) {

  /** Creates the company and its agents; no agent is woken. */
  public static Future<TrialCompany> create(EmbeddedBoard board, String agentName) {
    return board.createCompany("Trial").compose(company -> {
      String id = id(company);
      return board.createGoal(id, "What the company is for")
          .compose(goal -> board.createAgent(id, "Manager", Map.of("role", "ceo"))
              .compose(manager -> board.pauseAgent(id(manager))
                  .compose(paused -> board.createAgent(id, agentName, Map.of("reportsTo", id(manager))))
                  .map(agent -> new TrialCompany(board, id, id(goal), id(manager), id(agent)))));
    });
  }

  /** Creates the issue with its comments, and assigns it to the agent last, which wakes it once. */
  public Future<String> assign(IssueFile file) {
    Map<String, String> fields = Map.of("description", file.description(), "goalId", goal, "status", "backlog",
        "priority", file.frontMatter().priority().wireName());
    return board.createIssue(id, file.frontMatter().title(), fields).compose(issue -> {
      Future<?> commented = Future.succeededFuture();
      for (String comment : file.frontMatter().comments()) {
        commented = commented.compose(before -> board.addComment(id(issue), comment));
      }
      return commented
          .compose(done -> board.updateIssue(id(issue),
              Map.of("status", file.frontMatter().status().wireName(), "assigneeAgentId", agent)))
          .map(assigned -> id(issue));
    });
  }

  /** Reads what became of an issue. */
  public Future<TriedIssue> read(String issue) {
    Future<JsonNode> itself = board.readIssue(issue);
    Future<JsonNode> comments = board.comments(issue);
    Future<JsonNode> subtasks = board.read("/api/companies/" + id + "/issues?parentId=" + issue);
    Future<JsonNode> cards = board.interactions(issue);
    Future<JsonNode> approvals = board.approvals(id);
    Future<JsonNode> costs = board.read("/api/companies/" + id + "/cost-events");
    return Future.all(List.of(itself, comments, subtasks, cards, approvals, costs))
        .map(all -> new TriedIssue(itself.result(), BoardClient.toList(comments.result()),
            BoardClient.toList(subtasks.result()), BoardClient.toList(cards.result()),
            BoardClient.toList(approvals.result()), BoardClient.toList(costs.result())));
  }

  private static String id(JsonNode created) {
    return created.path("id").asText();
  }
}
