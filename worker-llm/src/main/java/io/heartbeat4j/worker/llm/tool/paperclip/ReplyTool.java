package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;

/** Ends the work on a mention: one comment on somebody else's issue, or none. */
public record ReplyTool() implements Tool {

  @Override
  public ToolSpecification specification() {
    return Schema.of("finish", "Ends this. The issue is somebody else's: say one thing, or leave the reply out to say nothing.")
        .optionalText("reply", "the comment")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.ENDS;
  }

  @Override
  public Answer call(Arguments arguments) throws ToolFailure {
    String reply = arguments.optionalText("reply").orElse("");
    return new Answer.Ended(reply.isBlank() ? new WorkResult.Nothing() : new WorkResult.Reply(reply));
  }
}
