package io.heartbeat4j.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The people of the company: they talk, answer, decide and change their minds while the agents work. */
final class SimulatedBoard {

  private final EmbeddedBoard embeddedBoard;
  private final SeededRandom seededRandom;
  private final VirtualTimeScheduler scheduler;
  private final List<BoardAction> actions;

  SimulatedBoard(EmbeddedBoard embeddedBoard, SeededRandom seededRandom, VirtualTimeScheduler scheduler,
      List<BoardAction> actions) {
    this.embeddedBoard = embeddedBoard;
    this.seededRandom = seededRandom;
    this.scheduler = scheduler;
    this.actions = actions;
  }

  void actFor(Duration span, Simulation simulation) {
    Instant end = scheduler.now().plus(span);
    plan(end, simulation);
  }

  private void plan(Instant end, Simulation simulation) {
    scheduler.schedule(Duration.ofSeconds(5 + seededRandom.intUpTo(400)), () -> {
      if (scheduler.now().isBefore(end)) {
        act(simulation);
        plan(end, simulation);
      }
    });
  }

  private void act(Simulation simulation) {
    String issue = seededRandom.oneOf(simulation.issues);
    BoardAction action = seededRandom.oneOf(actions);
    Simulation.trace(() -> scheduler.now() + " the board: " + action + " " + issue);
    switch (action) {
      case COMMENT -> embeddedBoard.addComment(issue, "What about this? " + scheduler.now());
      case ANSWER -> answerEverything(simulation);
      case REASSIGN -> embeddedBoard.updateIssue(issue, Map.of("assigneeAgentId", anAgent(simulation)));
      case MENTION -> embeddedBoard.addComment(issue,
          "[@Agent](agent://" + anAgent(simulation) + ") what do you know?");
      case INVOKE -> embeddedBoard.invokeHeartbeat(anAgent(simulation));
      case CREATE -> simulation.createIssue("New " + scheduler.now(), Map.of("assigneeAgentId", anAgent(simulation)));
      case PRIORITIZE -> embeddedBoard.updateIssue(issue, Map.of("priority", "critical"));
      case CREATE_REVIEWED -> simulation.createIssue("Reviewed " + scheduler.now(),
          Map.of("assigneeAgentId", anAgent(simulation), "executionPolicy", reviewBy(anAgent(simulation))));
      case REJECT -> pendingCards(simulation).forEach(
          card -> embeddedBoard.rejectInteraction(card.path("issueId").asText(), Simulation.id(card), "No."));
      case ASK_REVISION -> openApprovals(simulation).forEach(
          approval -> embeddedBoard.decideApproval(Simulation.id(approval), "request-revision", "Say more."));
      case RESOLVE -> embeddedBoard.resolveRecovery(issue);
      case PAUSE -> embeddedBoard.pauseAgent(anAgent(simulation));
      case RESUME -> embeddedBoard.resumeAgent(anAgent(simulation));
      case HOLD -> embeddedBoard.pauseIssueTree(issue, "Wait.");
      case RELEASE -> release(issue);
      case DESCRIBE -> embeddedBoard.updateIssue(issue, Map.of("description", "As of " + scheduler.now()));
      case SET_BUDGET -> embeddedBoard.setBudget(anAgent(simulation), seededRandom.intUpTo(5));
      case REPLACE_KEY -> replaceKey(anAgent(simulation), simulation);
    }
  }

  private String anAgent(Simulation simulation) {
    return seededRandom.oneOf(simulation.team);
  }

  private static Map<String, Object> reviewBy(String agent) {
    return Map.of("stages", List.of(Map.of("type", "review", "participants",
        List.of(Map.of("type", "agent", "agentId", agent)))));
  }

  private void release(String issue) {
    Simulation.list(Simulation.now(embeddedBoard.read("/api/issues/" + issue + "/tree-holds")))
        .forEach(hold -> embeddedBoard.resumeIssueTree(issue, Simulation.id(hold)));
  }

  /** The next runs of the agent begin with the new key; those that are under way have one that is refused. */
  private void replaceKey(String agent, Simulation simulation) {
    Simulation.now(embeddedBoard.revokeKeys(agent));
    simulation.keys.put(agent, Simulation.now(embeddedBoard.createKey(agent)));
  }

  /** Accepts or rejects what waits for an answer. */
  void answerEverything(Simulation simulation) {
    openApprovals(simulation).forEach(approval -> embeddedBoard.decideApproval(Simulation.id(approval),
        seededRandom.happens(0.7) ? "approve" : "reject", "As I see it."));
    pendingCards(simulation)
        .forEach(card -> embeddedBoard.acceptInteraction(card.path("issueId").asText(), Simulation.id(card)));
  }

  private Stream<JsonNode> openApprovals(Simulation simulation) {
    return Simulation.list(Simulation.now(embeddedBoard.approvals(simulation.company))).stream()
        .filter(approval -> List.of("pending", "revision_requested").contains(approval.path("status").asText()));
  }

  private Stream<JsonNode> pendingCards(Simulation simulation) {
    return simulation.allIssues().stream()
        .flatMap(issue -> Simulation.list(Simulation.now(embeddedBoard.interactions(Simulation.id(issue)))).stream())
        .filter(card -> card.path("status").asText().equals("pending"));
  }

  /** Lets every agent work again and says of every stopped run what became of it. */
  void putEverythingInOrder(Simulation simulation) {
    simulation.team.forEach(agent -> {
      embeddedBoard.setBudget(agent, 0);
      embeddedBoard.resumeAgent(agent);
    });
    simulation.allIssues().forEach(issue -> {
      release(Simulation.id(issue));
      reconcile(simulation.read("/api/issues/" + Simulation.id(issue)));
    });
  }

  /** The server takes no word on a run while another agent has its issue. */
  private void reconcile(JsonNode issue) {
    JsonNode blocker = issue.path("executionBlocker");
    boolean open = !issue.path("status").asText().equals("done");
    if (open && blocker.isObject()) {
      if (!blocker.path("agentId").equals(issue.path("assigneeAgentId"))) {
        embeddedBoard.updateIssue(Simulation.id(issue), Map.of("assigneeAgentId", blocker.path("agentId").asText()));
      }
      embeddedBoard.resolveRecovery(Simulation.id(issue));
    } else if (open && issue.path("activeRecoveryAction").isObject()) {
      embeddedBoard.resolveRecovery(Simulation.id(issue));
    }
  }
}
