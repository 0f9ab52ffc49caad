package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;

/** Comments on the issue in mid-work. */
public record CommentTool(WorkContext context) implements Tool {

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("comment", "Comments on the issue now. Only for what people need before you are done: the summary of"
            + " finish is a comment too.")
        .text("text", "Markdown")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws ToolCallException {
    context.actions().comment(toolArguments.nonBlankText("text"));
    return new ToolResult.TrustedText("Commented.");
  }
}
