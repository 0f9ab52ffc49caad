package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.ToolFailure;

/** What permission rules see of a call with a path: where the file really is. */
final class FileSubject {

  private FileSubject() {}

  static String of(Workspace workspace, Arguments arguments) {
    try {
      return workspace.shown(arguments.optionalText("path").orElse("."));
    } catch (ToolFailure wrong) {
      return "";
    }
  }
}
