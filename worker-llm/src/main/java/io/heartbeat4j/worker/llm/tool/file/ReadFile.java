package io.heartbeat4j.worker.llm.tool.file;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.io.IOException;
import java.nio.file.Path;

/** Shows a part of a file. */
public record ReadFile(Workspace workspace) implements Tool {

  private static final int LINES = 400;
  private static final int WIDTH = 1000;
  private static final int MOST = 40_000;

  @Override
  public ToolSpecification specification() {
    return Schema.of("read", "Shows a file of the workspace with line numbers, " + LINES + " lines unless told otherwise.")
        .text("path", "relative to the workspace")
        .optionalNumber("from", "the first line, 1 unless given")
        .optionalNumber("lines", "how many lines")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.READS;
  }

  @Override
  public String subject(Arguments arguments) {
    return FileSubject.of(workspace, arguments);
  }

  @Override
  public Answer call(Arguments arguments) throws IOException, ToolFailure {
    Path place = workspace.place(arguments.text("path"));
    String text = Texts.read(workspace, place);
    if (text.isEmpty()) {
      return new Answer.Told(place + " is empty.");
    }
    String[] lines = text.split("\n", -1);
    int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
    int from = arguments.number("from", 1, 1, Integer.MAX_VALUE);
    if (from > count) {
      throw new ToolFailure(place + " has " + count + " lines");
    }
    int last = (int) Math.min(count, from - 1L + arguments.number("lines", LINES, 1, 5 * LINES));
    String shown = Texts.numbered(lines, from, last, WIDTH);
    while (shown.length() > MOST && last > from) {
      last = from + (last - from) / 2;
      shown = Texts.numbered(lines, from, last, WIDTH);
    }
    return new Answer.Data("file " + place + ", lines " + from + " to " + last + " of " + count, shown);
  }
}
