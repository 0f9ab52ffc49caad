package io.heartbeat4j.worker.acp.agent;

import java.io.IOException;

/** The agent's program ended, fell silent or did what the protocol does not allow; the message is for the issue. */
public final class AgentFailedException extends IOException {

  private static final long serialVersionUID = 1L;

  public AgentFailedException(String message) {
    super(message);
  }
}
