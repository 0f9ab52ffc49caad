package io.heartbeat4j.simulation;

import io.heartbeat4j.heartbeat.work.WorkerThreadStarter;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Works in virtual time and ends in one of all the ways in which work can end. Every piece of work leaves a mark in its
 * words.
 */
final class SimulatedWorker implements Worker {

  /** One call of the worker. */
  record Performed(String issue, String run, String mark, boolean reply, Instant at) {}

  private final SeededRandom seededRandom;
  private final List<Performed> performed;
  private final List<String> team;
  private final List<String> issues;

  SimulatedWorker(SeededRandom seededRandom, List<Performed> performed, List<String> team, List<String> issues) {
    this.seededRandom = seededRandom;
    this.performed = performed;
    this.team = team;
    this.issues = issues;
  }

  /** Work takes a while in virtual time, and now and then never ends. */
  static WorkerThreadStarter threads(SimulatedProcess.CurrentProcess currentProcess, SeededRandom seededRandom) {
    return (name, work) -> {
      SimulatedProcess process = currentProcess.now;
      if (process == null) {
        throw new IllegalStateException("no process is acting");
      }
      boolean hangs = !seededRandom.faultsAreOver() && seededRandom.happens(0.03);
      if (!hangs) {
        process.schedule(Duration.ofMillis(seededRandom.intUpTo(20_000)), work);
      }
      return () -> {};
    };
  }

  @Override
  public WorkResult perform(WorkContext context) {
    String mark = "mark-" + (performed.size() + 1) + ".";
    performed.add(new Performed(
        context.issue().id().toString(), context.run().id().toString(), mark, context.isReadOnly(), Instant.EPOCH));
    seededRandom.crash("Do the Work");
    if (seededRandom.happens(0.2)) {
      context.usage().report(new ProviderUsage("acme", "m1", 10, 0, 5, new BigDecimal("0.01")));
    }
    if (context.isReadOnly()) {
      return seededRandom.happens(0.7) ? new WorkResult.Reply("Here is what I know. " + mark)
          : new WorkResult.Nothing();
    }
    if (context.review().isPresent() && seededRandom.happens(0.4)) {
      return new WorkResult.ChangesRequested("Change it. " + mark);
    }
    return switch (seededRandom.intUpTo(12)) {
      case 0 -> new WorkResult.Done("Done with parts. " + mark, subtasks(mark));
      case 1 -> new WorkResult.Blocked("Parts first. " + mark, new UnblockCondition.BySubtasks(), subtasks(mark));
      case 2 -> new WorkResult.NeedsReview("Look at it. " + mark,
          new ReviewPath.Card(new Question.Confirmation("Is it right?")));
      case 3 -> new WorkResult.NeedsReview("The board has to say. " + mark,
          new ReviewPath.BoardApproval("Spend it?", "All of it.",
              seededRandom.happens(0.5) ? ReviewPath.WhenApproved.CLOSE : ReviewPath.WhenApproved.CONTINUE));
      case 4 -> new WorkResult.Blocked("Which one? " + mark,
          new UnblockCondition.ByQuestion(new Question.Confirmation("The left?")));
      case 5 -> new WorkResult.Blocked("My manager has to act. " + mark,
          new UnblockCondition.ByManager("Help with it", "Please."));
      case 6 -> new WorkResult.Later(Instant.EPOCH, "Not yet. " + mark);
      case 7 -> throw new IllegalStateException("it broke, " + mark);
      case 8 -> new WorkResult.Blocked("That one first. " + mark,
          new UnblockCondition.ByIssues(List.of(IssueId.of(seededRandom.oneOf(issues)))));
      default -> new WorkResult.Done("Done. " + mark);
    };
  }

  private List<Delegation> subtasks(String mark) {
    List<Delegation> subtasks = new ArrayList<>();
    for (int i = 0; i <= seededRandom.intUpTo(1); i++) {
      subtasks.add(Delegation.to(AgentId.of(seededRandom.oneOf(team)), "Part " + i + " of " + mark, "All of it."));
    }
    return subtasks;
  }
}
