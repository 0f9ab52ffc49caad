package io.heartbeat4j.worker.agent;

/** A tool call failed; the model reads the message and may try something else. */
public final class ToolCallException extends Exception {

  private static final long serialVersionUID = 1L;

  public ToolCallException(String message) {
    super(message);
  }
}
