package io.heartbeat4j.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.trial.IssueFile;
import io.heartbeat4j.cli.trial.TriedIssue;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.SeededCompany;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** A company on an embedded server, whose agent is given an issue to try its worker on. */
public record TrialCompany(EmbeddedBoard board, SeededCompany seeded) {

  /** Creates the company; no agent is woken. */
  public static Future<TrialCompany> create(EmbeddedBoard board, String agentName) {
    return SeededCompany.create(board, "Trial", agentName, Map.of())
        .map(seeded -> new TrialCompany(board, seeded));
  }

  /** The agent that is to work. */
  public String agent() {
    return seeded.agent();
  }

  /** Creates the issue with its comments, and assigns it to the agent last, which wakes it once. */
  public Future<String> assign(IssueFile file) {
    Map<String, String> fields = Map.of("description", file.description(), "goalId", seeded.goal(), "status", "backlog",
        "priority", file.frontMatter().priority().wireName());
    return board.createIssue(seeded.id(), file.frontMatter().title(), fields).compose(issue -> {
      Future<?> commented = Future.succeededFuture();
      for (String comment : file.frontMatter().comments()) {
        commented = commented.compose(before -> board.addComment(id(issue), comment));
      }
      return commented
          .compose(done -> board.updateIssue(id(issue),
              Map.of("status", file.frontMatter().status().wireName(), "assigneeAgentId", seeded.agent())))
          .map(assigned -> id(issue));
    });
  }

  /** Reads what became of an issue. */
  public Future<TriedIssue> read(String issue) {
    Future<JsonNode> itself = board.readIssue(issue);
    Future<JsonNode> comments = board.comments(issue);
    Future<JsonNode> subtasks = board.read("/api/companies/" + seeded.id() + "/issues?parentId=" + issue);
    Future<JsonNode> cards = board.interactions(issue);
    Future<JsonNode> approvals = board.approvals(seeded.id());
    Future<JsonNode> costs = board.read("/api/companies/" + seeded.id() + "/cost-events");
    return Future.all(List.of(itself, comments, subtasks, cards, approvals, costs))
        .map(all -> new TriedIssue(itself.result(), BoardClient.toList(comments.result()),
            BoardClient.toList(subtasks.result()), BoardClient.toList(cards.result()),
            BoardClient.toList(approvals.result()), BoardClient.toList(costs.result())));
  }

  private static String id(JsonNode created) {
    return created.path("id").asText();
  }
}
