package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes note of subtasks; the runtime creates them with the result. For one thread. */
public final class CreateSubtaskTool implements Tool {

  private static final List<String> PRIORITIES = List.of("critical", "high", "medium", "low");

  private final List<AgentView> reports;
  private final List<Delegation> noted = new ArrayList<>();

  public CreateSubtaskTool(List<AgentView> reports) {
    this.reports = List.copyOf(reports);
  }

  /** Whether there is nobody to give work to. */
  public boolean hasNoReports() {
    return reports.isEmpty();
  }

  /** What was asked for so far. */
  public List<Delegation> delegations() {
    return List.copyOf(noted);
  }

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("create_subtask", "Gives a part of the issue to one of your reports. It is created when you finish.")
        .oneOf("report", "who does it", reports.stream().map(AgentView::name).toList())
        .text("title", "what to do, in a few words")
        .text("description", "all that the report needs to know: it sees this, not your thread")
        .optionalOneOf("priority", "the issue's own unless given", PRIORITIES)
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws ToolCallException {
    AgentView report = report(toolArguments.nonBlankText("report"));
    String title = toolArguments.nonBlankText("title");
    if (noted.stream().anyMatch(delegation -> delegation.title().equals(title))) {
      throw new ToolCallException("there is a subtask '" + title + "' already");
    }
    noted.add(new Delegation(title, Optional.of(toolArguments.nonBlankText("description")), Optional.of(report.id()),
        Optional.ofNullable(priority(toolArguments))));
    return new ToolResult.TrustedText(
        "Noted for " + report.name() + ". To wait for it, finish with blocked and waiting_for subtasks.");
  }

  private AgentView report(String name) throws ToolCallException {
    return reports.stream().filter(each -> each.name().equalsIgnoreCase(name)).findFirst()
        .orElseThrow(() -> new ToolCallException("'" + name + "' does not report to you. Your reports: "
            + reports.stream().map(AgentView::name).collect(Collectors.joining(", "))));
  }

  private static @Nullable Priority priority(ToolArguments toolArguments) throws ToolCallException {
    String written = toolArguments.optionalText("priority").orElse("");
    if (written.isBlank()) {
      return null;
    }
    if (!PRIORITIES.contains(written)) {
      throw new ToolCallException("priority is one of " + String.join(", ", PRIORITIES));
    }
    return new Priority(written);
  }
}
