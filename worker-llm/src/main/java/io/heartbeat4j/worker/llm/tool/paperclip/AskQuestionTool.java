package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks people, and waits: the work ends until the answer wakes the agent. */
public record AskQuestionTool(CreateSubtaskTool subtasks) implements Tool {

  private static final int MOST_OPTIONS = 8;

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("ask", "Asks the people behind the issue one question on a card, and waits: the heartbeat ends, and you"
            + " go on with the answer. Without options it is a yes-or-no question.")
        .text("question", "the question")
        .text("summary", "the comment beside the card: what you found, and why you ask")
        .optionalTexts("options", "2 to " + MOST_OPTIONS + " answers to choose from")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.ENDS;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws ToolCallException {
    String question = toolArguments.nonBlankText("question");
    String summary = toolArguments.nonBlankText("summary");
    List<String> options = toolArguments.texts("options").stream().filter(option -> !option.isBlank()).toList();
    if (options.isEmpty()) {
      return new ToolResult.WorkEnded(new WorkResult.NeedsReview(
          summary, new ReviewPath.Card(new Question.Confirmation(question)), subtasks.delegations()));
    }
    if (options.size() < 2 || options.size() > MOST_OPTIONS) {
      throw new ToolCallException("a question has 2 to " + MOST_OPTIONS + " options, or none for yes or no");
    }
    List<Question.Option> choices = new ArrayList<>();
    for (String option : options) {
      choices.add(new Question.Option("option-" + (choices.size() + 1), option.strip()));
    }
    Question card = new Question.Choices(Optional.empty(),
        List.of(new Question.Choice("answer", question, false, choices)));
    return new ToolResult.WorkEnded(
        new WorkResult.Blocked(summary, new UnblockCondition.ByQuestion(card), subtasks.delegations()));
  }
}
