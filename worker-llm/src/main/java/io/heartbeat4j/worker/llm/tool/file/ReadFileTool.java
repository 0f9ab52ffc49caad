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

/** Shows a part of a file. */
public record ReadFileTool(ConfinedWorkspace workspace) implements FileTool {

  private static final int LINES = 400;
  private static final int WIDTH = 1000;
  private static final int MOST = 40_000;

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("read", "Shows a file of the workspace with line numbers, " + LINES + " lines unless told otherwise.")
        .text("path", "relative to the workspace")
        .optionalNumber("from", "the first line, 1 unless given")
        .optionalNumber("lines", "how many lines")
        .build();
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Path place = workspace.resolve(toolArguments.text("path"));
    String text = Utf8FileAccess.read(workspace, place);
    if (text.isEmpty()) {
      return new ToolResult.TrustedText(place + " is empty.");
    }
    String[] lines = text.split("\n", -1);
    int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
    int from = toolArguments.number("from", 1, 1, Integer.MAX_VALUE);
    if (from > count) {
      throw new ToolCallException(place + " has " + count + " lines");
    }
    int last = (int) Math.min(count, from - 1L + toolArguments.number("lines", LINES, 1, 5 * LINES));
    String shown = Utf8FileAccess.withLineNumbers(lines, from, last, WIDTH);
    while (shown.length() > MOST && last > from) {
      last = from + (last - from) / 2;
      shown = Utf8FileAccess.withLineNumbers(lines, from, last, WIDTH);
    }
    return new ToolResult.UntrustedText("file " + place + ", lines " + from + " to " + last + " of " + count, shown);
  }
}
