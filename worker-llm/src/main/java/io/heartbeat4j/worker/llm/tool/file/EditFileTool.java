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

/** Changes a part of a file, and shows the result. */
public record EditFileTool(ConfinedWorkspace workspace) implements FileTool {

  private static final int AROUND = 3;
  private static final int MOST_LINES = 60;
  private static final int WIDTH = 400;

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("edit", "Replaces a piece of a file of the workspace. 'old' is copied exactly and is in the file once.")
        .text("path", "relative to the workspace")
        .text("old", "what is there, exactly, without line numbers")
        .text("new", "what is to be there")
        .optionalFlag("all", "replaces every occurrence")
        .build();
  }

  @Override
  public boolean changesFiles() {
    return true;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Path place = workspace.resolve(toolArguments.text("path"));
    ExactTextReplacer.Result replaced = ExactTextReplacer.replace(
        Utf8FileAccess.read(workspace, place), toolArguments.text("old"), toolArguments.text("new"),
        toolArguments.flag("all"));
    Utf8FileAccess.write(workspace, place, replaced.text());
    return new ToolResult.UntrustedText(
        "file " + place + " after " + replaced.times() + " replacement(s)", shown(replaced));
  }

  private static String shown(ExactTextReplacer.Result replaced) {
    String[] lines = replaced.text().split("\n", -1);
    int first = line(replaced.text(), replaced.from());
    int last = Math.min(line(replaced.text(), replaced.to()), first + MOST_LINES);
    return Utf8FileAccess.withLineNumbers(lines, Math.max(1, first - AROUND), Math.min(lines.length, last + AROUND),
        WIDTH);
  }

  private static int line(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
