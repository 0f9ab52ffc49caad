package io.heartbeat4j.worker.llm.tool.file;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists a directory. */
public record ListFiles(Workspace workspace) implements Tool {

  private static final int MOST = 400;

  @Override
  public ToolSpecification specification() {
    return Schema.of("list", "Lists a directory of the workspace; directories end with /.")
        .optionalText("path", "relative to the workspace, which is listed unless given")
        .optionalNumber("depth", "how many levels, 1 unless given")
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
    Path place = workspace.place(arguments.optionalText("path").orElse("."));
    if (!Files.isDirectory(workspace.root().resolve(place))) {
      throw new ToolFailure("there is no directory " + place);
    }
    List<String> lines = new ArrayList<>();
    Walk.through(workspace, place, arguments.number("depth", 1, 1, 10), (path, attributes) ->
        lines.add(attributes.isDirectory() ? path + "/" : path + "  " + attributes.size()) && lines.size() < MOST);
    Collections.sort(lines);
    return new Answer.Data("directory " + (place.toString().isEmpty() ? "." : place.toString()),
        lines.isEmpty() ? "(empty)" : String.join("\n", lines) + (lines.size() == MOST ? "\n(and more)" : ""));
  }
}
