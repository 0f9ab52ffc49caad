package io.heartbeat4j.worker.llm.tool.file;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.io.IOException;
import java.nio.file.Path;

/** Writes a whole file. */
public record WriteFile(Workspace workspace) implements Tool {

  @Override
  public ToolSpecification specification() {
    return Schema.of("write", "Writes a whole file of the workspace, new or instead of what is there. To change a part, use edit.")
        .text("path", "relative to the workspace")
        .text("content", "all of the file")
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
    String content = arguments.text("content");
    Texts.write(workspace, place, content);
    return new Answer.Told("Wrote " + place + ", " + content.lines().count() + " lines.");
  }
}
