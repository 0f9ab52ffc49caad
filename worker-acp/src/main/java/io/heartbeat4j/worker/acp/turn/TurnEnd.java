package io.heartbeat4j.worker.acp.turn;

import io.heartbeat4j.worker.WorkResult;

/** Why a turn has ended. */
public sealed interface TurnEnd {

  /** The program ended it, for a reason of the protocol such as {@code end_turn}. */
  record Ended(String stopReason) implements TurnEnd {}

  /** A person has to decide on a permission first. */
  record Waiting(WorkResult.NeedsReview card) implements TurnEnd {}

  /** The agent's budget is spent. */
  record BudgetSpent() implements TurnEnd {}
}
