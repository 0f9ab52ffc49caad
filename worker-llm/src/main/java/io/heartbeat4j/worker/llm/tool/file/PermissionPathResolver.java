package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.llm.tool.ToolCallException;

/** What permission rules see of a call with a path: where the file really is. */
final class PermissionPathResolver {

  private PermissionPathResolver() {}

  static String resolve(ConfinedWorkspace confinedWorkspace, ToolArguments toolArguments) {
    try {
      return confinedWorkspace.displayPath(toolArguments.optionalText("path").orElse("."));
    } catch (ToolCallException wrong) {
      return "";
    }
  }
}
