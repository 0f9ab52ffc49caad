package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes note of subtasks; the runtime creates them with the result. For one thread. */
public final class Subtasks implements Tool {

  private static final List<String> PRIORITIES = List.of("critical", "high", "medium", "low");

  private final List<Colleague> reports;
  private final List<Delegation> noted = new ArrayList<>();

  public Subtasks(List<Colleague> reports) {
    this.reports = List.copyOf(reports);
  }

  /** Whether there is nobody to give work to. */
  public boolean isEmptyHanded() {
    return reports.isEmpty();
  }

  /** What was asked for so far. */
  public List<Delegation> delegations() {
    return List.copyOf(noted);
  }

  @Override
  public ToolSpecification specification() {
    return Schema.of("create_subtask", "Gives a part of the issue to one of your reports. It is created when you finish.")
        .oneOf("report", "who does it", reports.stream().map(Colleague::name).toList())
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
  public Answer call(Arguments arguments) throws ToolFailure {
    Colleague report = report(arguments.words("report"));
    String title = arguments.words("title");
    if (noted.stream().anyMatch(delegation -> delegation.title().equals(title))) {
      throw new ToolFailure("there is a subtask '" + title + "' already");
    }
    noted.add(new Delegation(title, arguments.words("description"), report.id(), priority(arguments)));
    return new Answer.Told("Noted for " + report.name() + ". To wait for it, finish with blocked and waiting_for subtasks.");
  }

  private Colleague report(String name) throws ToolFailure {
    return reports.stream().filter(each -> each.name().equalsIgnoreCase(name)).findFirst()
        .orElseThrow(() -> new ToolFailure("'" + name + "' does not report to you. Your reports: "
            + reports.stream().map(Colleague::name).collect(Collectors.joining(", "))));
  }

  private static @Nullable Priority priority(Arguments arguments) throws ToolFailure {
    String written = arguments.optionalText("priority").orElse("");
    if (written.isBlank()) {
      return null;
    }
    if (!PRIORITIES.contains(written)) {
      throw new ToolFailure("priority is one of " + String.join(", ", PRIORITIES));
    }
    return new Priority(written);
  }
}
