package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.agent.UntrustedTextMarker;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.provider.ModelCallException;
import io.heartbeat4j.worker.llm.provider.RetryingModel;
import io.heartbeat4j.worker.llm.tool.ToolExecutor;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.paperclip.CreateSubtaskTool;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Calls the model and does what it calls for, until there is one result. The model ends it with {@code finish}; at a
 * limit it is given one chance to, and where it just stops it is told so once. After that code decides, and prose
 * counts for nothing.
 */
final class AgentLoop {

  private final WorkContext context;
  private final ModelCaller modelCaller;
  private final Transcript transcript;
  private final UntrustedTextMarker untrustedTextMarker;
  private final ToolExecutor tools;
  private final UsageMeter usageMeter;
  private final CreateSubtaskTool createSubtaskTool;
  private boolean reminded;
  private boolean cut;
  private String limit = "";
  private String lastWords = "";

  AgentLoop(
      WorkContext context, ModelCaller modelCaller, Transcript transcript, UntrustedTextMarker untrustedTextMarker,
      ToolExecutor tools, UsageMeter usageMeter, CreateSubtaskTool createSubtaskTool) {
    this.context = context;
    this.modelCaller = modelCaller;
    this.transcript = transcript;
    this.untrustedTextMarker = untrustedTextMarker;
    this.tools = tools;
    this.usageMeter = usageMeter;
    this.createSubtaskTool = createSubtaskTool;
  }

  WorkResult run() throws IOException, InterruptedException {
    while (true) {
      context.run().cancellation().throwIfRequested();
      if (limit.isEmpty()) {
        limit = usageMeter.reachedLimit()
            .or(() -> tools.isStuck() ? Optional.of("the model repeats the same call") : Optional.empty())
            .orElse("");
        if (!limit.isEmpty()) {
          addUserMessage("Stop: " + limit
              + ". Call finish now: say what is done, what remains, and who acts next. Nothing else is done.");
        }
      }
      Optional<WorkResult> result = step();
      if (result.isPresent()) {
        return result.get();
      }
    }
  }

  private Optional<WorkResult> step() throws IOException, InterruptedException {
    RetryingModel.Response answer = call();
    AiMessage message = answer.message();
    transcript.add(message);
    if (message.text() != null && !message.text().isBlank()) {
      lastWords = message.text();
    }
    if (cut && answer.cut()) {
      return Optional.of(fallbackResult("two answers of the model in a row are " + cutAtLimit()
          + " (see the setting 'model.max-tokens')"));
    }
    cut = answer.cut();
    if (message.hasToolExecutionRequests()) {
      Optional<WorkResult> result = executeCalls(message.toolExecutionRequests());
      return result.isEmpty() && !limit.isEmpty() ? Optional.of(fallbackResult(limit)) : result;
    }
    if (!limit.isEmpty() || (reminded && !cut)) {
      return Optional.of(fallbackResult(limit.isEmpty() ? "the model ended without a result" : limit));
    }
    reminded |= !cut;
    addUserMessage(cut ? "Your answer was " + cutAtLimit() + ". Go on in smaller steps, by calling a tool."
        : "That was text without a call, and nobody reads it. Go on with the work by calling a tool, or call finish.");
    return Optional.empty();
  }

  private String cutAtLimit() {
    return "cut at the limit of " + modelCaller.mostTokens() + " tokens";
  }

  /** The runtime decides what a failure means for the issue; it is told what was done before. */
  private RetryingModel.Response call() throws IOException, InterruptedException {
    try {
      return modelCaller.call(tools.specifications());
    } catch (ModelCallException failure) {
      String done = tools.callLog().hasSuccess()
          ? "\n\nDone so far:\n" + tools.callLog().describe() + "\n\nUsed: " + usageMeter.describe() + "."
          : "";
      throw new IllegalStateException(failure.getMessage() + done, failure);
    }
  }

  private Optional<WorkResult> executeCalls(List<ToolExecutionRequest> calls) throws IOException, InterruptedException {
    boolean failed = false;
    Optional<WorkResult> result = Optional.empty();
    int left = calls.size();
    for (ToolExecutionRequest call : calls) {
      boolean half = --left == 0 && cut;
      ToolResult toolResult = half
          ? new ToolResult.Failed("not done: the call was " + cutAtLimit() + ". Go on in smaller steps, such as a short"
              + " write and then edits.")
          : result.isPresent() ? new ToolResult.Failed("not done: the heartbeat has ended with an earlier call.")
              : failed && tools.endsWork(call)
                  ? new ToolResult.Failed("not done: an earlier call of this turn failed. Look at that first.")
                  : tools.call(call, !limit.isEmpty());
      failed |= toolResult instanceof ToolResult.Failed;
      if (toolResult instanceof ToolResult.WorkEnded workEnded) {
        result = Optional.of(workEnded.result());
      }
      transcript.add(ToolExecutionResultMessage.builder()
          .id(call.id()).toolName(call.name()).text(render(toolResult)).isError(toolResult instanceof ToolResult.Failed)
          .build());
    }
    return result;
  }

  private String render(ToolResult toolResult) {
    return switch (toolResult) {
      case ToolResult.UntrustedText untrustedText ->
        untrustedTextMarker.mark(untrustedText.source(), untrustedText.text());
      case ToolResult.TrustedText trustedText -> context.run().redact(trustedText.text());
      case ToolResult.Failed failed -> context.run().redact(failed.text())
          + (failed.details().isEmpty() ? "" : "\n" + untrustedTextMarker.mark("why it failed", failed.details()));
      case ToolResult.WorkEnded workEnded -> workEnded.text();
    };
  }

  private void addUserMessage(String words) throws IOException {
    transcript.add(UserMessage.from(words));
  }

  private WorkResult fallbackResult(String why) {
    return FallbackResult.create(context, why, tools.callLog(), createSubtaskTool, usageMeter, lastWords);
  }
}
