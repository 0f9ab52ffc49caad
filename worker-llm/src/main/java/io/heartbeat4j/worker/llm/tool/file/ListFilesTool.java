package io.heartbeat4j.worker.llm.tool.file;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.llm.tool.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists a directory. */
public record ListFilesTool(ConfinedWorkspace workspace) implements Tool {

  private static final int MOST = 400;

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder.of("list", "Lists a directory of the workspace; directories end with /.")
        .optionalText("path", "relative to the workspace, which is listed unless given")
        .optionalNumber("depth", "how many levels, 1 unless given")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.READS;
  }

  @Override
  public String subject(ToolArguments toolArguments) {
    return PermissionPathResolver.resolve(workspace, toolArguments);
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Path place = workspace.resolve(toolArguments.optionalText("path").orElse("."));
    if (!Files.isDirectory(workspace.root().resolve(place))) {
      throw new ToolCallException("there is no directory " + place);
    }
    List<String> lines = new ArrayList<>();
    WorkspaceWalker.walk(workspace, place, toolArguments.number("depth", 1, 1, 10),
        (path, attributes) -> lines.add(attributes.isDirectory() ? path + "/" : path + "  " + attributes.size())
            && lines.size() < MOST);
    Collections.sort(lines);
    return new ToolResult.UntrustedText("directory " + (place.toString().isEmpty() ? "." : place.toString()),
        lines.isEmpty() ? "(empty)" : String.join("\n", lines) + (lines.size() == MOST ? "\n(and more)" : ""));
  }
}
