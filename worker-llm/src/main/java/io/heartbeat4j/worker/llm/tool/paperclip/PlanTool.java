package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.util.Optional;

/** Reads and writes the plan document of the issue. Adding to it does not take writing it anew. */
public record PlanTool(WorkContext context) implements Tool {

  private static final String KEY = "plan";

  @Override
  public ToolSpecification specification() {
    return Schema.of("plan", "Shows the issue's plan document; with text, writes it, or adds to its end.")
        .optionalText("text", "Markdown; without it the plan is shown")
        .optionalFlag("append", "adds the text to the end instead of replacing the plan")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public Answer call(Arguments arguments) throws ToolFailure {
    Optional<IssueDocument> plan = context.document(KEY);
    if (arguments.optionalText("text").isEmpty()) {
      return plan.<Answer>map(document -> new Answer.Data("document plan of the issue", document.body()))
          .orElseGet(() -> new Answer.Told("There is no plan yet."));
    }
    String text = arguments.words("text");
    String body = arguments.flag("append") && plan.isPresent() ? plan.get().body().stripTrailing() + "\n\n" + text : text;
    context.putDocument(KEY, plan.map(IssueDocument::title).orElse("Plan"), body, plan.map(IssueDocument::revision).orElse(null));
    return new Answer.Told("The plan is written.");
  }
}
