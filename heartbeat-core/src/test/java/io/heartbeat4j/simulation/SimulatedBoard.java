package io.heartbeat4j.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.Board;
import io.heartbeat4j.embedded.rules.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The people of the company: they talk, answer, decide and change their minds while the agents work. */
final class SimulatedBoard {

  private final Board board;
  private final Chance chance;
  private final VirtualTime time;

  SimulatedBoard(Board board, Chance chance, VirtualTime time) {
    this.board = board;
    this.chance = chance;
    this.time = time;
  }

  void actFor(Duration span, Simulation simulation) {
    Instant end = time.now().plus(span);
    plan(end, simulation);
  }

  private void plan(Instant end, Simulation simulation) {
    time.after(Duration.ofSeconds(5 + chance.upTo(400)), () -> {
      if (time.now().isBefore(end)) {
        act(simulation);
        plan(end, simulation);
      }
    });
  }

  private void act(Simulation simulation) {
    String issue = chance.oneOf(simulation.issues);
    switch (chance.upTo(9)) {
      case 0, 1 -> board.comment(issue, "What about this? " + time.now());
      case 2, 3, 4 -> answerEverything(simulation);
      case 5 -> board.update(issue, Map.of("assigneeAgentId", chance.oneOf(simulation.team)));
      case 6 -> board.comment(issue, "[@Agent](agent://" + chance.oneOf(simulation.team) + ") what do you know?");
      case 7 -> board.invoke(chance.oneOf(simulation.team));
      case 8 -> simulation.issues.add(Simulation.id(Simulation.now(board.issue(simulation.company, "New " + time.now(),
          Map.of("status", "todo", "assigneeAgentId", chance.oneOf(simulation.team))))));
      default -> board.update(issue, Map.of("priority", "critical"));
    }
  }

  /** Accepts or rejects what waits for an answer. */
  void answerEverything(Simulation simulation) {
    for (JsonNode approval : Simulation.list(Simulation.now(board.approvals(simulation.company)))) {
      if (approval.path("status").asText().equals("pending")) {
        String id = Simulation.id(approval);
        board.decide(id, chance.happens(0.7) ? "approve" : "reject", "As I see it.");
      }
    }
    List<JsonNode> issues = Simulation.list(simulation.read("/api/companies/" + simulation.company + "/issues"));
    for (JsonNode issue : issues) {
      for (JsonNode card : Simulation.list(Simulation.now(board.interactions(Simulation.id(issue))))) {
        if (card.path("status").asText().equals("pending")) {
          board.accept(Simulation.id(issue), Simulation.id(card));
        }
      }
    }
  }
}
