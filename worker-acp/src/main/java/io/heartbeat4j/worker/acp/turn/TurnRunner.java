package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.acp.agent.AcpAgent;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Runs turns of a session; one that has to stop is cancelled by the protocol first. For one thread. */
public final class TurnRunner {

  private final AcpAgent agent;
  private final String session;
  private final PermissionChecker permissions;
  private final SessionUpdates updates;
  private final UsageTracker usage;
  private final BooleanSupplier stop;
  private final Duration grace;

  /**
   * @param stop whether the work should stop
   * @param grace how long a cancelled turn may take to end
   */
  public TurnRunner(AcpAgent agent, String session, PermissionChecker permissions, SessionUpdates updates,
      UsageTracker usage, BooleanSupplier stop, Duration grace) {
    this.agent = agent;
    this.session = session;
    this.permissions = permissions;
    this.updates = updates;
    this.usage = usage;
    this.stop = stop;
    this.grace = grace;
  }

  /**
   * Runs one turn.
   *
   * @throws CancellationException if the work was to stop
   */
  public TurnEnd run(String words) throws IOException, InterruptedException, JsonRpcException {
    updates.startTurn();
    usage.startTurn();
    CompletableFuture<JsonNode> asked = agent.prompt(session, words);
    while (true) {
      Optional<JsonNode> answer = poll(asked);
      answer.ifPresent(this::ended);
      if (stop.getAsBoolean()) {
        cancel(asked);
        throw new CancellationException("the agent was ended because the heartbeat stopped");
      }
      if (permissions.card().isPresent()) {
        cancel(asked);
        return new TurnEnd.Waiting(permissions.card().get());
      }
      if (answer.isPresent()) {
        return new TurnEnd.Ended(answer.get().path("stopReason").asText("end_turn"));
      }
      if (usage.isBudgetSpent()) {
        cancel(asked);
        return new TurnEnd.BudgetSpent();
      }
    }
  }

  /** A turn in which a permission was refused for now may end with an error: that is no failure. */
  private Optional<JsonNode> poll(CompletableFuture<JsonNode> asked)
      throws IOException, InterruptedException, JsonRpcException {
    try {
      return agent.poll(asked);
    } catch (JsonRpcException failed) {
      if (permissions.card().isEmpty()) {
        throw failed;
      }
      return Optional.empty();
    }
  }

  private void ended(JsonNode answer) {
    usage.endTurn(answer);
    updates.endTurn();
  }

  /** Lets the program end its turn, so that its session can be gone on with. */
  private void cancel(CompletableFuture<JsonNode> asked) throws IOException, InterruptedException {
    if (asked.isDone()) {
      return;
    }
    agent.cancel(session);
    long until = System.nanoTime() + grace.toNanos();
    while (System.nanoTime() - until < 0) {
      try {
        Optional<JsonNode> answer = agent.poll(asked);
        if (answer.isPresent()) {
          ended(answer.get());
          return;
        }
      } catch (JsonRpcException cancelled) {
        return;
      }
    }
  }
}
