package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;

/** A tool for files of the workspace; its argument {@code path} is what permission rules look at. */
interface FileTool extends Tool {

  ConfinedWorkspace workspace();

  @Override
  default Effect effect() {
    return changesFiles() ? Effect.CHANGES : Effect.READS;
  }

  /** Where the file really is. */
  @Override
  default String subject(ToolArguments toolArguments) {
    try {
      return workspace().displayPath(toolArguments.optionalText("path").orElse("."));
    } catch (ToolCallException wrong) {
      return "";
    }
  }
}
