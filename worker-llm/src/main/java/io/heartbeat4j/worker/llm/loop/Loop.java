package io.heartbeat4j.worker.llm.loop;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.provider.CallFailure;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Toolbox;
import io.heartbeat4j.worker.llm.tool.paperclip.Subtasks;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Calls the model and does what it calls for, until there is one result. The model ends it with {@code finish}; at a limit it
 * is given one chance to, and where it just stops it is told so once. After that code decides, and prose counts for nothing.
 */
final class Loop {

  private final WorkContext context;
  private final Caller caller;
  private final Transcript transcript;
  private final Fence fence;
  private final Toolbox tools;
  private final Meter meter;
  private final Subtasks subtasks;
  private boolean nudged;
  private String limit = "";
  private String lastWords = "";

  Loop(
      WorkContext context, Caller caller, Transcript transcript, Fence fence, Toolbox tools, Meter meter, Subtasks subtasks) {
    this.context = context;
    this.caller = caller;
    this.transcript = transcript;
    this.fence = fence;
    this.tools = tools;
    this.meter = meter;
    this.subtasks = subtasks;
  }

  WorkResult run() throws IOException, InterruptedException {
    while (true) {
      context.cancellation().check();
      if (limit.isEmpty()) {
        limit = meter.reached()
            .or(() -> tools.isGoingRound() ? Optional.of("the model repeats the same call") : Optional.empty())
            .orElse("");
        if (!limit.isEmpty()) {
          tell("Stop: " + limit + ". Call finish now: say what is done, what remains, and who acts next. Nothing else is done.");
        }
      }
      Optional<WorkResult> result = step();
      if (result.isPresent()) {
        return result.get();
      }
    }
  }

  private Optional<WorkResult> step() throws IOException, InterruptedException {
    AiMessage answer = call();
    transcript.add(answer);
    if (answer.text() != null && !answer.text().isBlank()) {
      lastWords = answer.text();
    }
    if (answer.hasToolExecutionRequests()) {
      Optional<WorkResult> result = doAll(answer.toolExecutionRequests());
      return result.isEmpty() && !limit.isEmpty() ? Optional.of(settle(limit)) : result;
    }
    if (!limit.isEmpty() || nudged) {
      return Optional.of(settle(limit.isEmpty() ? "the model ended without a result" : limit));
    }
    nudged = true;
    tell("That was text without a call, and nobody reads it. Go on with the work by calling a tool, or call finish.");
    return Optional.empty();
  }

  /** The runtime decides what a failure means for the issue; it is told what was done before. */
  private AiMessage call() throws IOException, InterruptedException {
    try {
      return caller.call(tools.specifications());
    } catch (CallFailure failure) {
      String done = tools.deeds().isAny()
          ? "\n\nDone so far:\n" + tools.deeds().words() + "\n\nUsed: " + meter.words() + "."
          : "";
      throw new IllegalStateException(failure.getMessage() + done, failure);
    }
  }

  private Optional<WorkResult> doAll(List<ToolExecutionRequest> calls) throws IOException, InterruptedException {
    boolean failed = false;
    Optional<WorkResult> result = Optional.empty();
    for (ToolExecutionRequest call : calls) {
      Answer answer = result.isPresent()
          ? new Answer.Failed("not done: the heartbeat has ended with an earlier call.")
          : failed && tools.ends(call)
              ? new Answer.Failed("not done: an earlier call of this turn failed. Look at that first.")
              : tools.call(call, !limit.isEmpty());
      failed |= answer instanceof Answer.Failed;
      if (answer instanceof Answer.Ended ended) {
        result = Optional.of(ended.result());
      }
      transcript.add(ToolExecutionResultMessage.builder()
          .id(call.id()).toolName(call.name()).text(words(answer)).isError(answer instanceof Answer.Failed).build());
    }
    return result;
  }

  private String words(Answer answer) {
    return switch (answer) {
      case Answer.Data data -> fence.data(data.source(), data.text());
      case Answer.Told told -> context.redact(told.text());
      case Answer.Failed failed -> context.redact(failed.text());
      case Answer.Ended ended -> ended.text();
    };
  }

  private void tell(String words) throws IOException {
    transcript.add(UserMessage.from(words));
  }

  private WorkResult settle(String why) {
    return Settlement.of(context, why, tools.deeds(), subtasks, meter, lastWords);
  }
}
