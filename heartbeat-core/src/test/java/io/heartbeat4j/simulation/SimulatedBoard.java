package io.heartbeat4j.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.rules.VirtualTimeScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The people of the company: they talk, answer, decide and change their minds while the agents work. */
final class SimulatedBoard {

  private final EmbeddedBoard embeddedBoard;
  private final SeededRandom seededRandom;
  private final VirtualTimeScheduler scheduler;

  SimulatedBoard(EmbeddedBoard embeddedBoard, SeededRandom seededRandom, VirtualTimeScheduler scheduler) {
    this.embeddedBoard = embeddedBoard;
    this.seededRandom = seededRandom;
    this.scheduler = scheduler;
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
    switch (seededRandom.intUpTo(9)) {
      case 0, 1 -> embeddedBoard.addComment(issue, "What about this? " + scheduler.now());
      case 2, 3, 4 -> answerEverything(simulation);
      case 5 -> embeddedBoard.updateIssue(issue, Map.of("assigneeAgentId", seededRandom.oneOf(simulation.team)));
      case 6 -> embeddedBoard.addComment(issue,
          "[@Agent](agent://" + seededRandom.oneOf(simulation.team) + ") what do you know?");
      case 7 -> embeddedBoard.invokeHeartbeat(seededRandom.oneOf(simulation.team));
      case 8 -> simulation.issues
          .add(Simulation.id(Simulation.now(embeddedBoard.createIssue(simulation.company, "New " + scheduler.now(),
              Map.of("status", "todo", "assigneeAgentId", seededRandom.oneOf(simulation.team))))));
      default -> embeddedBoard.updateIssue(issue, Map.of("priority", "critical"));
    }
  }

  /** Accepts or rejects what waits for an answer. */
  void answerEverything(Simulation simulation) {
    for (JsonNode approval : Simulation.list(Simulation.now(embeddedBoard.approvals(simulation.company)))) {
      if (approval.path("status").asText().equals("pending")) {
        String id = Simulation.id(approval);
        embeddedBoard.decideApproval(id, seededRandom.happens(0.7) ? "approve" : "reject", "As I see it.");
      }
    }
    List<JsonNode> issues = Simulation.list(simulation.read("/api/companies/" + simulation.company + "/issues"));
    for (JsonNode issue : issues) {
      for (JsonNode card : Simulation.list(Simulation.now(embeddedBoard.interactions(Simulation.id(issue))))) {
        if (card.path("status").asText().equals("pending")) {
          embeddedBoard.acceptInteraction(Simulation.id(issue), Simulation.id(card));
        }
      }
    }
  }
}
