package io.heartbeat4j.worker.llm.tool.file;

import com.google.re2j.Pattern;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.llm.tool.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds files by their names. */
public record GlobTool(ConfinedWorkspace workspace) implements Tool {

  private static final int MOST = 300;

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("glob", "Finds files of the workspace by name, such as **/*.java or src/**/Test*.py.")
        .text("pattern", "relative to the workspace")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.READS;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Pattern pattern = SafePattern.glob(toolArguments.nonBlankText("pattern"));
    List<String> found = new ArrayList<>();
    WorkspaceWalker.walk(workspace, Path.of(""), Integer.MAX_VALUE, (path, attributes) -> {
      if (attributes.isRegularFile() && pattern.matches(path.toString())) {
        found.add(path.toString());
      }
      return found.size() < MOST;
    });
    Collections.sort(found);
    return found.isEmpty()
        ? new ToolResult.TrustedText("No file fits.")
        : new ToolResult.UntrustedText("names of files",
            String.join("\n", found) + (found.size() == MOST ? "\n(and more)" : ""));
  }
}
