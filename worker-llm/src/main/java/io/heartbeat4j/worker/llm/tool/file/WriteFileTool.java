package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.agent.file.Utf8FileAccess;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.nio.file.Path;

/** Writes a whole file. */
public record WriteFileTool(ConfinedWorkspace workspace) implements FileTool {

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("write",
            "Writes a whole file of the workspace, new or instead of what is there. To change a part, use edit.")
        .text("path", "relative to the workspace")
        .text("content", "all of the file")
        .build();
  }

  @Override
  public boolean changesFiles() {
    return true;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Path place = workspace.resolve(toolArguments.text("path"));
    String content = toolArguments.text("content");
    Utf8FileAccess.write(workspace, place, content);
    return new ToolResult.TrustedText("Wrote " + place + ", " + content.lines().count() + " lines.");
  }
}
