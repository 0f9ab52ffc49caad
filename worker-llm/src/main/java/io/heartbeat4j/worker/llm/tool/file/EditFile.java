package io.heartbeat4j.worker.llm.tool.file;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.io.IOException;
import java.nio.file.Path;

/** Changes a part of a file, and shows the result. */
public record EditFile(Workspace workspace) implements Tool {

  private static final int AROUND = 3;
  private static final int MOST_LINES = 60;
  private static final int WIDTH = 400;

  @Override
  public ToolSpecification specification() {
    return Schema.of("edit", "Replaces a piece of a file of the workspace. 'old' is copied exactly and is in the file once.")
        .text("path", "relative to the workspace")
        .text("old", "what is there, exactly, without line numbers")
        .text("new", "what is to be there")
        .optionalFlag("all", "replaces every occurrence")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public String subject(Arguments arguments) {
    return FileSubject.of(workspace, arguments);
  }

  @Override
  public Answer call(Arguments arguments) throws IOException, ToolFailure {
    Path place = workspace.place(arguments.text("path"));
    Replacement.Replaced replaced = Replacement.in(
        Texts.read(workspace, place), arguments.text("old"), arguments.text("new"), arguments.flag("all"));
    Texts.write(workspace, place, replaced.text());
    return new Answer.Data(
        "file " + place + " after " + replaced.times() + " replacement(s)", shown(replaced));
  }

  private static String shown(Replacement.Replaced replaced) {
    String[] lines = replaced.text().split("\n", -1);
    int first = line(replaced.text(), replaced.from());
    int last = Math.min(line(replaced.text(), replaced.to()), first + MOST_LINES);
    return Texts.numbered(lines, Math.max(1, first - AROUND), Math.min(lines.length, last + AROUND), WIDTH);
  }

  private static int line(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
