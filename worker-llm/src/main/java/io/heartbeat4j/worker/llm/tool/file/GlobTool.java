package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import com.google.re2j.Pattern;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.nio.file.Path;

/** Finds files by their names. */
public record GlobTool(ConfinedWorkspace workspace) implements FileTool {

  private static final int MOST = 300;

  @Override
  public ToolSpecification specification() {
    return ResultPage.argument(ToolSpecificationBuilder
        .of("glob", "Finds files of the workspace by name, such as **/*.java or src/**/Test*.py.")
        .text("pattern", "relative to the workspace")
        .optionalFlag("ignored", "also finds what .gitignore names"))
        .build();
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Pattern pattern = SafePattern.glob(toolArguments.nonBlankText("pattern"));
    WorkspaceListing listing = WorkspaceListing.of(workspace, Path.of(""), Integer.MAX_VALUE,
        toolArguments.flag("ignored"));
    ResultPage page = ResultPage.of(toolArguments, MOST);
    listing.entries().stream()
        .filter(entry -> entry.attributes().isRegularFile() && pattern.matches(entry.path().toString()))
        .forEach(entry -> page.add(entry.path().toString()));
    return page.isEmpty()
        ? new ToolResult.TrustedText("No file fits." + listing.note())
        : new ToolResult.UntrustedText("names of files", page.text() + listing.note());
  }
}
