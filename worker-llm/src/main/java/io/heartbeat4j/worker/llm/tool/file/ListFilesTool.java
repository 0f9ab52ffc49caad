package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lists a directory, with the sizes of its files in bytes. */
public record ListFilesTool(ConfinedWorkspace workspace) implements FileTool {

  private static final int MOST = 400;
  private static final int DEEPEST = 50;

  @Override
  public ToolSpecification specification() {
    return ResultPage.argument(ToolSpecificationBuilder
        .of("list", "Lists a directory of the workspace with the sizes of its files; directories end with /.")
        .optionalText("path", "relative to the workspace, which is listed unless given")
        .optionalNumber("depth", "how many levels, 1 unless given, " + DEEPEST + " for all")
        .optionalFlag("ignored", "also lists what .gitignore names"))
        .build();
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Path place = workspace.resolve(toolArguments.optionalText("path").orElse("."));
    if (!Files.isDirectory(workspace.root().resolve(place))) {
      throw new ToolCallException("there is no directory " + place);
    }
    WorkspaceListing listing = WorkspaceListing.of(workspace, place, toolArguments.number("depth", 1, 1, DEEPEST),
        toolArguments.flag("ignored"));
    ResultPage page = ResultPage.of(toolArguments, MOST);
    listing.entries().forEach(entry -> page.add(entry.attributes().isDirectory() ? entry.path() + "/"
        : entry.path() + "  " + entry.attributes().size()));
    return new ToolResult.UntrustedText("directory " + (place.toString().isEmpty() ? "." : place.toString()),
        (page.isEmpty() ? "(empty)" : page.text()) + listing.note());
  }
}
