package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;

/** Comments on the issue in mid-work. */
public record CommentTool(WorkContext context) implements Tool {

  @Override
  public ToolSpecification specification() {
    return Schema.of("comment", "Comments on the issue now. Only for what people need before you are done: the summary of"
            + " finish is a comment too.")
        .text("text", "Markdown")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public Answer call(Arguments arguments) throws ToolFailure {
    context.comment(arguments.words("text"));
    return new Answer.Told("Commented.");
  }
}
