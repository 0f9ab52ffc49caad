package io.heartbeat4j.embedded.rules;

import org.jspecify.annotations.Nullable;

/** Who sends a request. */
sealed interface RequestActor {

  /** The user behind every board action of a server without logins. */
  String BOARD_USER = "local-board";

  /** No bearer: the board, which may do everything but what only an agent does. */
  record BoardActor() implements RequestActor {}

  /**
   * An agent by its run's token or by its long-lived key.
   *
   * @param runId from the token, or for a key from the header as it was sent, which may be no id at all
   */
  record AgentActor(AgentEntity agent, @Nullable String runId) implements RequestActor {

    boolean hasId(@Nullable String agentId) {
      return agent.id.equals(agentId);
    }
  }
}
