package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.util.Optional;

/** Reads and writes the plan document of the issue. Adding to it does not take writing it anew. */
public record PlanDocumentTool(WorkContext context) implements Tool {

  private static final String KEY = "plan";

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("plan", "Shows the issue's plan document; with text, writes it, or adds to its end.")
        .optionalText("text", "Markdown; without it the plan is shown")
        .optionalFlag("append", "adds the text to the end instead of replacing the plan")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws ToolCallException {
    Optional<IssueDocument> plan = context.actions().document(KEY);
    if (toolArguments.optionalText("text").isEmpty()) {
      return plan
          .<ToolResult>map(document -> new ToolResult.UntrustedText("document plan of the issue", document.body()))
          .orElseGet(() -> new ToolResult.TrustedText("There is no plan yet."));
    }
    String text = toolArguments.nonBlankText("text");
    String body = toolArguments.flag("append") && plan.isPresent() ? plan.get().body().stripTrailing() + "\n\n" + text
        : text;
    plan.ifPresentOrElse(existing -> context.actions().updateDocument(existing, body),
        () -> context.actions().createDocument(KEY, "Plan", body));
    return new ToolResult.TrustedText("The plan is written.");
  }
}
