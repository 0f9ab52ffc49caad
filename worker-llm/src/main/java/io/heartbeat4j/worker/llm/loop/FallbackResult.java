package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.llm.tool.ToolCallLog;
import io.heartbeat4j.worker.llm.tool.paperclip.CreateSubtaskTool;

/**
 * The result where the model gave none: blocked, with what was done, what remains, and the usage.
 */
final class FallbackResult {

  private static final int MAX_MESSAGE_CHARACTERS = 1500;

  private FallbackResult() {}

  static WorkResult create(WorkContext context, String why, ToolCallLog toolCallLog,
      CreateSubtaskTool createSubtaskTool, UsageMeter usageMeter, String lastWords) {
    if (context.isReadOnly()) {
      return new WorkResult.Nothing();
    }
    String remains = lastWords.isBlank()
        ? "The model said nothing of what remains."
        : "The model's last words, which nobody has checked:\n\n> "
            + TextTruncator.cutMiddle(lastWords.strip(), MAX_MESSAGE_CHARACTERS).replace("\n", "\n> ");
    return new WorkResult.Blocked(
        "**Stopped: " + why + ".**\n\nDone so far:\n" + toolCallLog.describe() + "\n\n" + remains + "\n\nUsed: "
            + usageMeter.describe() + ".",
        new UnblockCondition.ByQuestion(new Question.Confirmation(
            "Go on?", "Let " + context.company().self().name() + " go on with \"" + context.issue().title() + "\"?")),
        createSubtaskTool.delegations());
  }
}
