package io.heartbeat4j.worker.llm.tool;

/** A call that can't be done; the model reads the message and may try something else. */
public final class ToolFailure extends Exception {

  private static final long serialVersionUID = 1L;

  public ToolFailure(String message) {
    super(message);
  }
}
