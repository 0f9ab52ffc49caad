package io.heartbeat4j.embedded.rules;

import org.jspecify.annotations.Nullable;

/** The sender of a request. */
sealed interface RequestActor {

  /** The user of all board requests on a server without logins. */
  String BOARD_USER = "local-board";

  /** The board: a request without bearer token. */
  record BoardActor() implements RequestActor {}

  /**
   * An agent, authenticated by the token of a run or by a long-lived key.
   *
   * @param runId the run of the token, or for a key the value of the run header, which is not validated
   */
  record AgentActor(AgentEntity agent, @Nullable String runId) implements RequestActor {

    boolean hasId(@Nullable String agentId) {
      return agent.id.equals(agentId);
    }
  }
}
