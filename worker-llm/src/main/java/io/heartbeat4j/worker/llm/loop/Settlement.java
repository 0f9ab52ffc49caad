package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.Unblock;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.tool.Clip;
import io.heartbeat4j.worker.llm.tool.Deeds;
import io.heartbeat4j.worker.llm.tool.paperclip.Subtasks;

/** The end that code decides on, where the model gave none: blocked, with what was done, what remains and the numbers. */
final class Settlement {

  private static final int MOST_WORDS = 1500;

  private Settlement() {}

  static WorkResult of(WorkContext context, String why, Deeds deeds, Subtasks subtasks, Meter meter, String lastWords) {
    if (context.isReadOnly()) {
      return new WorkResult.Nothing();
    }
    String remains = lastWords.isBlank()
        ? "The model said nothing of what remains."
        : "The model's last words, which nobody has checked:\n\n> "
            + Clip.middle(lastWords.strip(), MOST_WORDS).replace("\n", "\n> ");
    return new WorkResult.Blocked(
        "**Stopped: " + why + ".**\n\nDone so far:\n" + deeds.words() + "\n\n" + remains + "\n\nUsed: " + meter.words() + ".",
        new Unblock.ByQuestion(new Question.Confirmation(
            "Go on?", "Let " + context.self().name() + " go on with \"" + context.issue().title() + "\"?")),
        subtasks.delegations());
  }
}
