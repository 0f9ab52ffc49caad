package io.heartbeat4j.worker.llm.tool;

import dev.langchain4j.agent.tool.ToolSpecification;

/** A tool that a model can call. */
public interface Tool {

  /** What the model is told of it. */
  ToolSpecification specification();

  default String name() {
    return specification().name();
  }

  /** What the tool does to the world. */
  Effect effect();

  /** Whether a call may change files of the workspace. */
  default boolean changesFiles() {
    return false;
  }

  /** Whether it may be called where no permission says anything. */
  default boolean isAllowedByDefault() {
    return true;
  }

  /** What permission rules look at: a path, a command, an address; empty where there is nothing to tell calls apart. */
  default String subject(ToolArguments toolArguments) {
    return "";
  }

  /** How a call is shown in the run's log. */
  default String logLine(ToolArguments toolArguments) {
    return "> " + name() + " " + subject(toolArguments);
  }

  /**
   * Does it.
   *
   * @throws ToolCallException if it can't be done, in words for the model
   * @throws Exception anything else that went wrong; the model gets its message
   */
  ToolResult call(ToolArguments toolArguments) throws Exception;

  /** What a call does to the world. */
  enum Effect {
    /** Nothing. */
    READS,
    /** A file, a command's doing, a comment: something is different afterwards. */
    CHANGES,
    /** The work ends with it. */
    ENDS
  }
}
