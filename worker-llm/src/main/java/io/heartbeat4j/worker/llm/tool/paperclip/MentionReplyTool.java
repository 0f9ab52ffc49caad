package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;

/** Ends the work on a mention: one comment on somebody else's issue, or none. */
public record MentionReplyTool() implements Tool {

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("finish", "Ends this. The issue is somebody else's: say one thing, or leave the reply out to say nothing.")
        .optionalText("reply", "the comment")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.ENDS;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws ToolCallException {
    String reply = toolArguments.optionalText("reply").orElse("");
    return new ToolResult.WorkEnded(reply.isBlank() ? new WorkResult.Nothing() : new WorkResult.Reply(reply));
  }
}
